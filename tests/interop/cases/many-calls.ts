import { GREETING, HOURS } from '../assistant.js';
import { describeLine, type Line } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import { longestGap } from '../sip-phone/heard.js';
import { nothingIsLeft } from '../test-call.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';

const CALLS = 20;

/** All at once: everybody is greeted, understood and answered, and nothing is left. */
export function manyCalls(line: Line): Case {
  return {
    name: `${describeLine(line)}: ${CALLS} calls at once`,
    async run(lab: Lab) {
      const { server, asterisk, dial } = await lab.line(line);
      await lab.voice.say('when are you open');
      const held = await Promise.allSettled(Array.from({ length: CALLS }, () => one(dial)));
      const failed = held.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
      assert(failed.length === 0, `${failed.length} of ${CALLS} failed: ${[...new Set(failed)].join('; ')}`);
      await nothingIsLeft(server, asterisk, 5_000);
      const figures = held.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const worst = (name: 'greetedMs' | 'answeredMs' | 'gapMs') =>
        ms(Math.max(...figures.map((figure) => figure[name])));
      lab.measured(
        'all understood',
        `worst: greeting after ${worst('greetedMs')}, answer after ${worst('answeredMs')}, gap in speech ${worst('gapMs')}`,
      );
    },
  };
}

async function one(dial: Awaited<ReturnType<Lab['line']>>['dial']) {
  const call = await dial();
  try {
    const greeting = await call.listen(call.answeredMs);
    const { lastMs } = await call.say('when are you open');
    const answer = await call.listen(lastMs);
    await call.isUnderstoodAs('when are you open');
    await call.understands(greeting.sound, GREETING);
    await call.understands(answer.sound, HOURS);
    const gap = longestGap(call.sip.rtp.heard, answer.beganMs, answer.endedMs);
    return { greetedMs: greeting.afterMs, answeredMs: answer.afterMs, gapMs: gap.ms };
  } finally {
    call.sip.hangup();
  }
}

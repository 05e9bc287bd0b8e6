import { systemClock } from '@rapida/core';
import { seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { describeWay, OutboundLine, type Way } from '../outbound-line.js';
import { answersAfter } from '../sip-phone/behaviour.js';
import { firstVoiced } from '../sip-phone/heard.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, poll, until } from '../wait.js';
import type { Case } from './case.js';

const CALLS = 50;
const AT_ONCE = 10;
const GREETED_MS_MAX = 10_000;
const ALL_MS_MAX = 90_000;

/** One bulk: never more at once than allowed, everybody is greeted once, and nothing is left. */
export function outboundMany(way: Way): Case {
  return {
    name: `outbound ${describeWay(way)}: ${CALLS} calls in one bulk, ${AT_ONCE} at once`,
    async run(lab: Lab) {
      const line = await OutboundLine.open(lab, way, { deployment: { limits: { concurrentCalls: AT_ONCE } } });
      const { server, callee } = line;
      callee.onCall(answersAfter(300));
      const numbers = Array.from({ length: CALLS }, (_, index) => String(7_000 + index));
      const phoneCalls = numbers.map((number) => line.order(number));
      const startMs = systemClock.nowMs();
      const { data } = await server.send<{ data: { id: string }[] }>('POST', '/v1/talk/create-bulk-phone-call', {
        phoneCalls,
      });
      assert(data.length === CALLS, `${data.length} calls were taken`);
      let mostAtOnce = 0;
      const count = () => {
        const open = callee.incoming.filter(({ end }) => end === undefined).length;
        mostAtOnce = Math.max(mostAtOnce, open);
      };
      const greeted = numbers.map((number) => isGreeted(line, number, count));
      const greetedMs = await Promise.all(greeted);
      for (const { id } of data) {
        const { state, reason } = await server.endedCall(id);
        assert(state === 'completed', `call ${id} is recorded as ${state}, ${reason}`);
      }
      await nothingIsLeft(server, line.asterisk, 5_000);
      const { length } = callee.invitations;
      assert(length === CALLS, `the phone was called ${length} times`);
      assert(mostAtOnce <= AT_ONCE, `${mostAtOnce} calls at once`);
      lab.measured(
        'all greeted',
        `in ${seconds(systemClock.nowMs() - startMs)}, at most ${mostAtOnce} at once, greeting after ${seconds(Math.max(...greetedMs))} at worst`,
      );
    },
  };
}

/** Hangs up once the assistant is heard. How long that took from the answer. */
async function isGreeted(line: OutboundLine, number: string, count: () => void): Promise<number> {
  const call = await poll(`the phone is called as ${number}`, ALL_MS_MAX, async () => {
    const [invitation] = line.dialled(number);
    return line.callee.incoming.find(({ callId }) => callId === invitation?.callId);
  });
  count();
  await call.answered;
  const answeredMs = systemClock.nowMs();
  try {
    await until(`${number} is greeted`, GREETED_MS_MAX, () => firstVoiced(call.rtp.heard, answeredMs) !== undefined);
    return systemClock.nowMs() - answeredMs;
  } finally {
    call.hangup();
  }
}

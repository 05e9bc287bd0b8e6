import { systemClock } from '@rapida/core';
import { GREETING } from '../assistant.js';
import { describeLine, type Line } from '../dialplan.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { longestGap, lostPackets } from '../sip-phone/heard.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';

const GAP_MS_MAX = 60;
const SPEECH_MS_MIN = 120_000;
const SPEECH_MS_MAX = 240_000;
/** As much as one order may say takes 105 s at the usual speed. */
const SLOW = 0.8;
const SENTENCE =
  'The house on the hill has many windows, and behind every window there is somebody who waits for a call. ';
const MONOLOGUE = SENTENCE.repeat(19).trim();

/** Two minutes of speech without a hole in what leaves Asterisk. */
export function monologue(line: Line): Case {
  return {
    name: `${describeLine(line)}: monologue of two minutes`,
    async run(lab: Lab) {
      const { server, dial } = await lab.line(line, { speed: SLOW });
      const call = await dial();
      await call.listenFor(GREETING, call.answeredMs);
      const { id } = await call.record();
      const orderedMs = systemClock.nowMs();
      await server.send('POST', `/v1/calls/${id}/say`, { text: MONOLOGUE });
      const { beganMs, endedMs } = await call.listen(orderedMs, SPEECH_MS_MAX);
      const lastedMs = endedMs - beganMs;
      assert(lastedMs >= SPEECH_MS_MIN, `it lasted only ${seconds(lastedMs)}`);
      const { heard } = call.sip.rtp;
      const during = heard.filter(({ atMs }) => atMs >= beganMs && atMs <= endedMs);
      const gap = longestGap(during, beganMs, endedMs);
      const odd = during.filter(({ payloadBytes }) => payloadBytes !== 160).length;
      const lost = lostPackets(during);
      assert(odd === 0, `${odd} packets were not of 20 ms`);
      assert(lost === 0, `${lost} packets were lost`);
      assert(
        gap.ms <= GAP_MS_MAX,
        `a gap of ${ms(gap.ms)}, ${seconds(gap.atMs - beganMs)} into it (at most ${GAP_MS_MAX} ms)`,
      );
      lab.measured(
        'no gap',
        `longest ${ms(gap.ms)} of ${GAP_MS_MAX} in ${seconds(lastedMs)}, ${during.length} packets of 20 ms`,
      );
      call.sip.hangup();
      await call.leavesNothing();
    },
  };
}

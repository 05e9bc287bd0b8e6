import { systemClock } from '@rapida/core';
import { GREETING, STORY } from '../assistant.js';
import { describeLine, type Line } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import { nothingIsLeft } from '../test-call.js';
import { assert, until, within } from '../wait.js';
import type { Case } from './case.js';

const SEEN_MS_MAX = 200;

export function callerHangsUp(line: Line): Case {
  return {
    name: `${describeLine(line)}: caller hangs up`,
    async run(lab: Lab) {
      const { server, dial } = await lab.line(line);
      const call = await dial();
      await call.listenFor(GREETING, call.answeredMs);
      const { id } = await call.record();
      await server.send('POST', `/v1/calls/${id}/say`, { text: STORY });
      await call.hearsFrom(systemClock.nowMs());
      call.sip.hangup();
      const { wallMs } = await call.ended();
      const record = await call.leavesNothing();
      const seenMs = Date.parse(record.endedAt ?? '') - wallMs;
      assert(record.disconnectedBy === 'user', `recorded as ended by ${record.disconnectedBy}`);
      assert(record.state === 'completed', `recorded as ${record.state}, ${record.reason}`);
      assert(seenMs <= SEEN_MS_MAX, `seen by the server only after ${ms(seenMs)}`);
      lab.measured('seen by the server', `${ms(seenMs)} after the BYE (at most ${SEEN_MS_MAX}), nothing left behind`);
    },
  };
}

export function serverHangsUp(line: Line): Case {
  return {
    name: `${describeLine(line)}: server hangs up`,
    async run(lab: Lab) {
      const { server, dial } = await lab.line(line);
      const call = await dial();
      await call.listenFor(GREETING, call.answeredMs);
      const { id } = await call.record();
      const orderedMs = systemClock.nowMs();
      await server.send('POST', `/v1/calls/${id}/hangup`);
      const { by, atMs } = await call.ended(5_000);
      const record = await call.leavesNothing();
      assert(by === 'peer', 'the phone was not hung up');
      assert(record.disconnectedBy === 'system', `recorded as ended by ${record.disconnectedBy}`);
      const seenMs = atMs - orderedMs;
      assert(seenMs <= SEEN_MS_MAX, `the phone was hung up only after ${ms(seenMs)}`);
      lab.measured('seen by the phone', `${ms(seenMs)} after the order (at most ${SEEN_MS_MAX}), nothing left behind`);
    },
  };
}

/** A caller who hangs up while the call is being set up: whatever it had come to is undone. */
export function callerGivesUp(line: Line): Case {
  return {
    name: `${describeLine(line)}: caller gives up at once`,
    async run(lab: Lab) {
      const { server, asterisk, phone } = await lab.line(line);
      const call = await phone.dial({ extension: '100', from: '15559999999', codecs: ['PCMU'] });
      // RFC 3261 section 9.1: not before the other side has said anything.
      await until('Asterisk says something', 5_000, () => call.ringing > 0 || call.end !== undefined);
      call.cancel();
      const status = await within('the call is settled', 5_000, call.answered);
      call.hangup();
      await nothingIsLeft(server, asterisk, 8_000);
      lab.measured('undone', `INVITE ended with ${status}, nothing left behind`);
    },
  };
}

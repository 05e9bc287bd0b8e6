import { sleep, systemClock } from '@rapida/core';
import { GREETING, HOURS } from '../assistant.js';
import { describeLine, type Line } from '../dialplan.js';
import { seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import type { TestCall } from '../test-call.js';
import { assert, until } from '../wait.js';
import type { Case } from './case.js';

/** Well beyond the two seconds of inactivity after which Asterisk drops an AudioSocket that is silent both ways. */
const SILENT_MS = 6_000;

const WAYS = {
  'muted, without RTP': (call: TestCall) => silent(call, async () => {}),
  'on hold (sendonly)': (call: TestCall) => silent(call, () => held(call, 'sendonly')),
  'on hold (inactive)': (call: TestCall) => silent(call, () => held(call, 'inactive')),
} as const;

/** A phone that sends nothing stays connected, and is understood afterwards. */
export function silentPhone(line: Line): Case {
  return {
    name: `${describeLine(line)}: a phone that sends nothing is not dropped`,
    async run(lab: Lab) {
      const { dial } = await lab.line(line);
      const call = await dial();
      await call.listenFor(GREETING, call.answeredMs);
      for (const [way, perform] of Object.entries(WAYS)) {
        await perform(call);
        await call.ask('when are you open', HOURS);
        lab.measured(way, `still there after ${seconds(SILENT_MS)}, and understood`);
      }
      call.sip.hangup();
      await call.leavesNothing();
    },
  };
}

async function silent(call: TestCall, begin: () => Promise<void>): Promise<void> {
  const { rtp } = call.sip;
  await begin();
  rtp.setSending('off');
  const overMs = systemClock.nowMs() + SILENT_MS;
  await until(
    'the silence is over',
    SILENT_MS + 1_000,
    () => call.sip.end !== undefined || systemClock.nowMs() >= overMs,
  );
  assert(
    call.sip.end === undefined,
    `hung up ${seconds((call.sip.end?.atMs ?? 0) - overMs + SILENT_MS)} into the silence`,
  );
  rtp.setSending('on');
  const status = await call.sip.setDirection('sendrecv');
  assert(status === 200, `Asterisk refused to go on with ${status}`);
  // A phone sends before its owner speaks: Asterisk and the server's recogniser have to find the new stream first.
  await sleep(systemClock, 500);
}

async function held(call: TestCall, direction: 'sendonly' | 'inactive'): Promise<void> {
  const status = await call.sip.setDirection(direction);
  assert(status === 200, `Asterisk refused the hold with ${status}`);
}

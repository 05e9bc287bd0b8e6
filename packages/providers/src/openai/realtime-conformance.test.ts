import { REALTIME_PROMISES, REALTIME_TOOL, realtimeModelConformance } from '@rapida/core/conformance';
import { describe, expect, it } from 'vitest';
import type { FakeRealtimePlan } from './testing/fake-realtime.js';
import { startRealtimeSubject } from './testing/realtime-subject.js';

const CALLING = { calls: [{ name: REALTIME_TOOL.name, arguments: '{"what":"hours"}' }] };

realtimeModelConformance('openai', () => startRealtimeSubject(), {
  makeCalling: () => startRealtimeSubject({ speech: [CALLING] }),
  makeFailing: () => startRealtimeSubject({ speech: [{ says: 'Good morning.', fails: 'server_error' }] }),
  makeStalled: () => startRealtimeSubject({ speech: [{ stalls: true }] }),
});

realtimeModelConformance('openai, 7 bytes of sound at a time', () => startRealtimeSubject({ deltaBytes: 7 }));

realtimeModelConformance('openai, that breaks off', () => startRealtimeSubject(), {
  makeFailing: () => startRealtimeSubject({ speech: [{ says: 'Good morning.', disconnects: true }] }),
});

describe('the suite fails for a vendor that', () => {
  const broken: readonly [string, string, FakeRealtimePlan][] = [
    ['has no sound', 'answers a turn with sound and its text, and says once that the answer is done', { speech: [{}] }],
    ['says something else', 'gives each answer the number it was asked for with', { speech: [{}, { says: 'Bye.' }] }],
    [
      'mishears',
      'tells what it understood of each turn, finally once, by the number of the turn',
      { heard: 'yellow bear' },
    ],
    ['calls nothing', 'calls a tool, and goes on with the same answer when it has the result', { speech: [{}] }],
  ];

  it.each(broken)('%s', async (_, promise, plan) => {
    const subject = await startRealtimeSubject(plan);
    await expect(REALTIME_PROMISES[promise]?.(subject)).rejects.toThrow();
    await subject.close();
  });
});

import { REALTIME_PROMISES, REALTIME_TOOL, realtimeModelConformance } from '@rapida/core/conformance';
import { describe, expect, it } from 'vitest';
import type { FakeLivePlan } from './testing/fake-live.js';
import { startLiveSubject } from './testing/live-subject.js';

const CALLING = { calls: [{ name: REALTIME_TOOL.name, args: { what: 'hours' } }] };

realtimeModelConformance('google', () => startLiveSubject(), {
  makeCalling: () => startLiveSubject({ speech: [CALLING] }),
  makeFailing: () => startLiveSubject({ speech: [{ says: 'Good morning.', disconnects: true }] }),
  makeStalled: () => startLiveSubject({ speech: [{ stalls: true }] }),
});

realtimeModelConformance('google, 7 bytes of sound at a time', () => startLiveSubject({ chunkBytes: 7 }));

realtimeModelConformance('google, that does not take the setup', () => startLiveSubject(), {
  makeFailing: () => startLiveSubject({ closes: 1007 }),
});

describe('the suite fails for a vendor that', () => {
  const broken: readonly [string, string, FakeLivePlan][] = [
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
    const subject = await startLiveSubject(plan);
    await expect(REALTIME_PROMISES[promise]?.(subject)).rejects.toThrow();
    await subject.close();
  });
});

import { tone } from '@rapida/audio';
import { RATE_HZ, Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createRealtimeModel } from '../realtime.js';
import { FAKE_KEY, type FakeLivePlan, startFakeLive } from './fake-live.js';

/** The engine under test, connected to a fake server of its own, under a clock that stands still. */
export async function startLiveSubject(plan: FakeLivePlan = {}) {
  const fake = await startFakeLive(plan);
  const clock = new VirtualClock();
  const parts = {
    clock,
    logger: silentLogger,
    credential: { baseUrl: fake.baseUrl, apiKey: new Secret(FAKE_KEY) },
    timeouts: { answerMs: 3_000 },
  };
  return {
    ...{ fake, clock },
    realtime: createRealtimeModel(parts, { provider: 'google', model: 'gemini-3.8-live', voice: 'Kore' }),
    speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 400, dbfs: -12 }),
    heard: /^hello there$/,
    expected: /^Good morning/,
    close: () => fake.close(),
  };
}

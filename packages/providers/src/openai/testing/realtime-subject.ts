import { tone } from '@rapida/audio';
import { RATE_HZ, Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createRealtimeModel } from '../realtime.js';
import { FAKE_KEY, type FakeRealtimePlan, startFakeRealtime } from './fake-realtime.js';

/** The engine under test, connected to a fake server of its own, under a clock that stands still. */
export async function startRealtimeSubject(plan: FakeRealtimePlan = {}, config: { voice?: string } = {}) {
  const fake = await startFakeRealtime(plan);
  const clock = new VirtualClock();
  const dropped = { ms: 0 };
  const parts = {
    clock,
    logger: silentLogger,
    credential: { baseUrl: fake.baseUrl, apiKey: new Secret(FAKE_KEY) },
    timeouts: { answerMs: 3_000 },
    onDropped: (ms: number) => {
      dropped.ms += ms;
    },
  };
  const { voice = 'marin' } = config;
  return {
    ...{ fake, clock, dropped },
    realtime: createRealtimeModel(parts, {
      provider: 'openai',
      model: 'gpt-realtime-2.1',
      transcriptionModel: 'gpt-transcribe',
      voice,
    }),
    speech: tone({ hz: 400, rateHz: RATE_HZ, ms: 400, dbfs: -12 }),
    heard: /^hello there$/,
    expected: /^Good morning/,
    close: () => fake.close(),
  };
}

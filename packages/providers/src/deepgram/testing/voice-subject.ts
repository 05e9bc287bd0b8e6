import { Secret, silentLogger, type TextToSpeech } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import type { FakeHttp } from '../../wire/testing/fake-http.js';
import { ANSWER_MS, FAKE_KEY, STALL_MS } from '../../wire/testing/speaking.js';
import { createVoice } from '../tts.js';
import { startFakeAura } from './fake-aura.js';

export interface AuraSubject {
  readonly fake: FakeHttp;
  readonly clock: VirtualClock;
  readonly tts: TextToSpeech;
  readonly voice: { readonly voice: string; readonly speed: number; readonly language: string };
  close(): Promise<void>;
}

/** The voice under test, connected to a fake of its own, under a clock that stands still. */
export async function startSubject(): Promise<AuraSubject> {
  const fake = await startFakeAura();
  const clock = new VirtualClock();
  const voice = 'aura-2-thalia-en';
  const parts = {
    clock,
    logger: silentLogger,
    credential: { baseUrl: `${fake.baseUrl}/v1`, apiKey: new Secret(FAKE_KEY) },
    timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS },
  };
  const tts = createVoice(parts, { provider: 'deepgram', voice, speed: 1 });
  return { fake, clock, tts, voice: { voice, speed: 1, language: 'en-US' }, close: () => fake.close() };
}

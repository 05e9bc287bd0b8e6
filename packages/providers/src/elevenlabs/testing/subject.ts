import { Secret, silentLogger, type TextToSpeech } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import type { FakeHttp } from '../../wire/testing/fake-http.js';
import { ANSWER_MS, FAKE_KEY, STALL_MS } from '../../wire/testing/speaking.js';
import { createVoice } from '../tts.js';
import { startFakeElevenLabs } from './fake-elevenlabs.js';

export interface ElevenLabsSubject {
  readonly fake: FakeHttp;
  readonly clock: VirtualClock;
  readonly tts: TextToSpeech;
  readonly voice: { readonly voice: string; readonly speed: number; readonly language: string };
  close(): Promise<void>;
}

/** The voice under test, connected to a fake of its own, under a clock that stands still. */
export async function startSubject(model = 'eleven_flash_v2_5'): Promise<ElevenLabsSubject> {
  const fake = await startFakeElevenLabs();
  const clock = new VirtualClock();
  const voice = 'JBFqnCBsd6RMkjVDRZzb';
  const tts = createVoice(
    {
      clock,
      logger: silentLogger,
      credential: { baseUrl: `${fake.baseUrl}/v1`, apiKey: new Secret(FAKE_KEY) },
      timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS },
    },
    { provider: 'elevenlabs', model, voice, stability: 0.4, similarityBoost: 0.8, speed: 1 },
  );
  return { fake, clock, tts, voice: { voice, speed: 1.1, language: 'en-US' }, close: () => fake.close() };
}

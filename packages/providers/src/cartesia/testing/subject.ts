import { Secret, silentLogger, type TextToSpeech } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { ANSWER_MS, FAKE_KEY, STALL_MS } from '../../wire/testing/speaking.js';
import { createVoice } from '../tts.js';
import { FakeCartesia } from './fake-cartesia.js';

export interface CartesiaSubject {
  readonly fake: FakeCartesia;
  readonly clock: VirtualClock;
  readonly tts: TextToSpeech;
  readonly voice: { readonly voice: string; readonly speed: number; readonly language: string };
  close(): Promise<void>;
}

/** The voice under test, connected to a fake of its own, under a clock that stands still. */
export async function startSubject(key = FAKE_KEY): Promise<CartesiaSubject> {
  const fake = await FakeCartesia.start();
  const clock = new VirtualClock();
  const voice = 'f786b574-daa5-4673-aa0c-cbe3e8534c02';
  const parts = {
    clock,
    logger: silentLogger,
    credential: { baseUrl: fake.baseUrl, apiKey: new Secret(key) },
    timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS },
  };
  const tts = createVoice(parts, { provider: 'cartesia', model: 'sonic-3.5', voice, speed: 1 });
  return { fake, clock, tts, voice: { voice, speed: 1, language: 'en-US' }, close: () => fake.close() };
}

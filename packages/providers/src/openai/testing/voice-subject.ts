import { Secret, silentLogger, type TextToSpeech } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { FAKE_KEY, type FakeOpenAi, startFakeOpenAi } from '../../openai-compatible/testing/fake-openai.js';
import { ANSWER_MS, STALL_MS } from '../../wire/testing/speaking.js';
import { createVoice } from '../tts.js';

export interface OpenAiVoiceSubject {
  readonly fake: FakeOpenAi;
  readonly clock: VirtualClock;
  readonly tts: TextToSpeech;
  readonly voice: { readonly voice: string; readonly speed: number; readonly language: string };
  close(): Promise<void>;
}

/** The voice under test, connected to a fake of its own, under a clock that stands still. */
export async function startSubject(model = 'gpt-4o-mini-tts', manner = ''): Promise<OpenAiVoiceSubject> {
  const fake = await startFakeOpenAi();
  const clock = new VirtualClock();
  const parts = {
    clock,
    logger: silentLogger,
    credential: { baseUrl: fake.baseUrl, apiKey: new Secret(FAKE_KEY) },
    timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS },
  };
  const tts = createVoice(parts, { provider: 'openai', model, voice: 'marin', manner, speed: 1 });
  return { fake, clock, tts, voice: { voice: 'marin', speed: 1, language: 'en-US' }, close: () => fake.close() };
}

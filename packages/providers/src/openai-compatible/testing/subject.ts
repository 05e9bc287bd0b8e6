import { type LanguageModel, Secret, type SpeechToText, silentLogger, type TextToSpeech } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createModel } from '../llm.js';
import { createRecogniser } from '../stt.js';
import { createVoice } from '../tts.js';
import { FAKE_KEY, type FakeOpenAi, startFakeOpenAi } from './fake-openai.js';

export interface FakeSubject {
  readonly fake: FakeOpenAi;
  readonly clock: VirtualClock;
  readonly stt: SpeechToText;
  readonly llm: LanguageModel;
  /** The same with another model. */
  llmOf(model: string): LanguageModel;
  readonly tts: TextToSpeech;
  readonly dropped: { ms: number };
  close(): Promise<void>;
}

export const ANSWER_MS = 4_000;
export const STALL_MS = 2_000;

/** The engines under test, connected to a fake server of their own, under a clock that stands still. */
export async function startSubject(): Promise<FakeSubject> {
  const fake = await startFakeOpenAi();
  const clock = new VirtualClock();
  const dropped = { ms: 0 };
  const parts = {
    clock,
    logger: silentLogger,
    credential: { baseUrl: fake.baseUrl, apiKey: new Secret(FAKE_KEY) },
    timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS },
    onDropped: (droppedMs: number) => {
      dropped.ms += droppedMs;
    },
  };
  const provider = 'openai-compatible' as const;
  const sampling = { temperature: 0.4, maxOutputTokens: 400 };
  const llmOf = (model: string) => createModel(parts, { provider, model, ...sampling });
  return {
    ...{ fake, clock, dropped, llmOf },
    stt: createRecogniser(parts, { provider, model: 'whisper-1' }),
    llm: llmOf('gpt-4o-mini'),
    tts: createVoice(parts, { provider, model: 'tts-1', voice: 'alloy', speed: 1 }),
    close: () => fake.close(),
  };
}

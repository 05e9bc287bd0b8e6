import { type AssistantConfig, assistantConfigSchema, Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createOpenAiCompatible, type OpenAiCompatible } from '../index.js';
import { FAKE_KEY, type FakeOpenAi, startFakeOpenAi } from './fake-openai.js';

export interface FakeSubject {
  readonly fake: FakeOpenAi;
  readonly clock: VirtualClock;
  readonly openAi: OpenAiCompatible;
  readonly config: AssistantConfig;
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
  const openAi = createOpenAiCompatible({
    clock,
    logger: silentLogger,
    baseUrl: fake.baseUrl,
    apiKey: new Secret(FAKE_KEY),
    timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS },
    onDropped: (droppedMs) => {
      dropped.ms += droppedMs;
    },
  });
  const config = assistantConfigSchema.parse({ name: 'x', tts: { voice: 'alloy' } });
  return { fake, clock, openAi, config, dropped, close: () => fake.close() };
}

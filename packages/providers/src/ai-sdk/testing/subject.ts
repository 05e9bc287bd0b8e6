import { type LanguageModel, Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import type { CommonParts } from '../../vendor.js';
import type { FakeHttp } from '../../wire/testing/fake-http.js';
import { ANSWER_MS, type ModelSubject, STALL_MS, STRANGE_KEY } from './model-suite.js';

export const SAMPLING = { temperature: 0.4, maxOutputTokens: 400 };

/** Engines that `make` connects to a fake server of their own, under a clock that stands still. */
export async function subjectOf(
  starting: Promise<FakeHttp>,
  key: string,
  make: (parts: CommonParts, origin: string, key: Secret) => LanguageModel,
): Promise<ModelSubject> {
  const fake = await starting;
  const clock = new VirtualClock();
  const parts = { clock, logger: silentLogger, timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS } };
  return {
    ...{ fake, clock },
    llm: make(parts, fake.baseUrl, new Secret(key)),
    stranger: make(parts, fake.baseUrl, new Secret(STRANGE_KEY)),
    close: () => fake.close(),
  };
}

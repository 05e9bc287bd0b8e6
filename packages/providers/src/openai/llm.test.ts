import { afterEach, describe, expect, it } from 'vitest';
import { typedEvents } from '../ai-sdk/testing/events.js';
import { collect, failureOf, type ModelSubject, modelSuite, textOf } from '../ai-sdk/testing/model-suite.js';
import { SAMPLING, subjectOf } from '../ai-sdk/testing/subject.js';
import { type Effort, leastEffort } from './effort.js';
import { createModel } from './llm.js';
import {
  BEGIN,
  completed,
  delta,
  END,
  errorAnswer,
  FAKE_KEY,
  responseAnswer,
  startFakeResponses,
} from './testing/fake-responses.js';

const startWith = (model: string, reasoningEffort?: Effort) => () =>
  subjectOf(startFakeResponses(), FAKE_KEY, (parts, origin, apiKey) =>
    createModel(
      { ...parts, credential: { apiKey, baseUrl: `${origin}/v1` } },
      { provider: 'openai', model, ...SAMPLING, ...(reasoningEffort !== undefined && { reasoningEffort }) },
    ),
  );

const inside = (...events: { type: string }[]) => typedEvents([...BEGIN, delta('Good'), ...events]);
const flat = (code: string) => ({ type: 'error', sequence_number: 9, code, message: 'no', param: null });
const nested = (type: string) => ({ type: 'error', sequence_number: 9, error: { type, message: 'no' } });
const failed = (code: string) => ({
  ...completed({ error: { code, message: 'no' } }, 'response.failed'),
  sequence_number: 9,
});

modelSuite('openai', {
  start: startWith('gpt-4.1-mini'),
  answer: responseAnswer,
  refusal: errorAnswer,
  begun: inside(),
  inside: [
    ['an error in the middle', inside(flat('server_error')), 'provider_unavailable'],
    ['a rate limit in the middle', inside(nested('rate_limit_exceeded')), 'provider_rate_limited'],
    [
      'a rate limit before the first word',
      typedEvents([BEGIN[0], flat('rate_limit_exceeded')]),
      'provider_rate_limited',
    ],
    ['an answer that failed', inside(failed('server_error')), 'provider_unavailable'],
    ['an answer that failed at once', typedEvents([BEGIN[0], failed('server_error')]), 'provider_unavailable'],
  ],
  withUnknown: typedEvents([
    ...BEGIN,
    delta('Good'),
    { type: 'response.weather.delta' },
    delta(' morning.'),
    ...END,
    completed({ weather: 'fine' }),
  ]),
});

describe('OpenAI', () => {
  let subject: ModelSubject | undefined;
  afterEach(() => subject?.close());

  it.each<[string, Effort | undefined, boolean]>([
    ['gpt-4.1-mini', undefined, true],
    ['gpt-4o', undefined, true],
    ['gpt-5', 'minimal', false],
    ['gpt-5-mini-2025-08-07', 'minimal', false],
    ['gpt-5.1', 'none', true],
    ['gpt-5.4-mini', 'none', true],
    ['gpt-5.2-chat-latest', undefined, false],
    ['gpt-6-sol', 'none', false],
    ['gpt-6.1-sol', 'low', false],
    ['o4-mini', 'low', false],
  ])('%s is asked to reason %s, with a temperature: %s', async (model, effort, hasTemperature) => {
    subject = await startWith(model)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    const { reasoning, temperature } = subject.fake.requests[0]!.body;
    expect((reasoning as { effort?: string } | undefined)?.effort).toBe(effort);
    expect(temperature).toBe(hasTemperature ? 0.4 : undefined);
    expect(leastEffort(model)).toBe(effort);
  });

  it('reasons as much as the assistant says', async () => {
    subject = await startWith('gpt-5.1', 'high')();
    await collect(subject.llm);
    expect(subject.fake.requests[0]?.body).toMatchObject({ reasoning: { effort: 'high' } });
  });

  it('fails instead of being silent when all tokens went into reasoning', async () => {
    subject = await startWith('o4-mini')();
    const cut = completed({ incomplete_details: { reason: 'max_output_tokens' } }, 'response.incomplete');
    subject.fake.script(typedEvents([BEGIN[0], cut]));
    expect((await failureOf(subject.llm)).message).toContain('maxOutputTokens');
  });
});

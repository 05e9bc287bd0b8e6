import { afterEach, describe, expect, it } from 'vitest';
import { chatChunk } from '../ai-sdk/testing/chat-rules.js';
import { collect, failureOf, type ModelSubject, modelSuite, textOf } from '../ai-sdk/testing/model-suite.js';
import { SAMPLING, subjectOf } from '../ai-sdk/testing/subject.js';
import type { Effort } from '../openai/effort.js';
import { chatDelta, eventStream } from '../openai-compatible/testing/fake-answers.js';
import { createModel } from './llm.js';
import { azureAnswer, errorAnswer, FAKE_KEY, startFakeAzure } from './testing/fake-azure.js';

interface Setup {
  readonly model?: string;
  readonly apiVersion?: string;
  readonly path?: string;
  readonly reasoningEffort?: Effort;
}

const startWith =
  ({ model = 'gpt-4.1-mini', apiVersion, path = '', reasoningEffort }: Setup) =>
  () =>
    subjectOf(startFakeAzure(), FAKE_KEY, (parts, origin, apiKey) =>
      createModel(
        {
          ...parts,
          credential: { apiKey, endpoint: `${origin}${path}`, ...(apiVersion !== undefined && { apiVersion }) },
        },
        { provider: 'azure-openai', model, ...SAMPLING, ...(reasoningEffort !== undefined && { reasoningEffort }) },
      ),
    );

const GOOD = chatDelta('Good');
const broken = (code: string) => JSON.stringify({ error: { message: 'no', code } });

modelSuite('azure-openai', {
  start: startWith({}),
  answer: azureAnswer,
  refusal: errorAnswer,
  begun: eventStream([GOOD]),
  inside: [
    ['an error in the middle', eventStream([GOOD, broken('server_error')]), 'provider_unavailable'],
    ['a rate limit before the first word', eventStream([broken('rate_limit_exceeded')]), 'provider_rate_limited'],
  ],
  withUnknown: eventStream([
    GOOD,
    chatChunk({ content: ' morning.', obfuscation: 'x7' }, { weather: 'fine' }),
    chatChunk({}, {}, 'stop'),
    '[DONE]',
  ]),
});

describe('Azure OpenAI', () => {
  let subject: ModelSubject | undefined;
  afterEach(() => subject?.close());

  it.each<[string, Setup, string]>([
    ['the API without versions', {}, '/openai/v1/chat/completions'],
    ['an address with its path', { path: '/openai/v1/' }, '/openai/v1/chat/completions'],
    [
      'a dated version',
      { apiVersion: '2024-10-21' },
      '/openai/deployments/gpt-4.1-mini/chat/completions?api-version=2024-10-21',
    ],
  ])('is asked by %s', async (_, setup, path) => {
    subject = await startWith(setup)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    expect(subject.fake.requests[0]?.target).toBe(path);
  });

  it.each<[string, Setup, string]>([
    ['says so in its name', { model: 'gpt-5-mini' }, 'minimal'],
    ['is said to', { model: 'reception', reasoningEffort: 'low' }, 'low'],
  ])('gets no temperature for a deployment that reasons and %s', async (_, setup, effort) => {
    subject = await startWith(setup)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    expect(subject.fake.requests[0]?.body).toMatchObject({ reasoning_effort: effort, max_completion_tokens: 400 });
  });

  it('tells what its filter stopped', async () => {
    subject = await startWith({})();
    subject.fake.script(eventStream([chatChunk({}, {}, 'content_filter'), '[DONE]']));
    expect((await failureOf(subject.llm)).message).toContain('filter');
  });
});

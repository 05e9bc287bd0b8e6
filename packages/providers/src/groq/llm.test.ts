import { afterEach, describe, expect, it } from 'vitest';
import { chatChunk } from '../ai-sdk/testing/chat-rules.js';
import { collect, type ModelSubject, modelSuite, textOf } from '../ai-sdk/testing/model-suite.js';
import { SAMPLING, subjectOf } from '../ai-sdk/testing/subject.js';
import { eventStream } from '../openai-compatible/testing/fake-answers.js';
import { createModel } from './llm.js';
import { errorAnswer, FAKE_KEY, groqAnswer, startFakeGroq } from './testing/fake-groq.js';

const startWith = (model: string) => () =>
  subjectOf(startFakeGroq(), FAKE_KEY, (parts, origin, apiKey) =>
    createModel(
      { ...parts, credential: { apiKey, baseUrl: `${origin}/openai/v1` } },
      { provider: 'groq', model, ...SAMPLING },
    ),
  );

const GOOD = chatChunk({ content: 'Good' });
const broken = (type: string) => JSON.stringify({ error: { message: 'no', type } });

modelSuite('groq', {
  start: startWith('llama-3.3-70b-versatile'),
  answer: groqAnswer,
  refusal: errorAnswer,
  begun: eventStream([GOOD]),
  inside: [
    ['an error in the middle', eventStream([GOOD, broken('internal_server_error')]), 'provider_unavailable'],
    ['a rate limit in the middle', eventStream([GOOD, broken('rate_limit_exceeded')]), 'provider_rate_limited'],
  ],
  statuses: [
    ['too many tokens', errorAnswer(413, 'Request too large', 'rate_limit_exceeded'), 'provider_rate_limited'],
    ['a call that the model wrote badly', errorAnswer(400, 'Failed', 'tool_use_failed'), 'provider_unavailable'],
    ['no capacity', errorAnswer(498, 'Flex tier capacity exceeded'), 'provider_unavailable'],
  ],
  withUnknown: eventStream([
    chatChunk({ content: 'Good', channel: 'final' }),
    chatChunk({ content: ' morning.' }, { weather: 'fine' }),
    chatChunk({}, {}, 'stop'),
    '[DONE]',
  ]),
});

describe('Groq', () => {
  let subject: ModelSubject | undefined;
  afterEach(() => subject?.close());

  it.each([
    ['openai/gpt-oss-20b', 'low', undefined],
    ['qwen/qwen3-32b', 'none', undefined],
    ['deepseek-r1-distill-llama-70b', undefined, 'parsed'],
    ['llama-3.1-8b-instant', undefined, undefined],
  ])('%s is asked to reason as little as it can, and not aloud', async (model, effort, format) => {
    subject = await startWith(model)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    expect(subject.fake.requests[0]?.body.reasoning_effort).toBe(effort);
    expect(subject.fake.requests[0]?.body.reasoning_format).toBe(format);
  });

  it('says nothing of what it reasons', async () => {
    subject = await startWith('openai/gpt-oss-20b')();
    subject.fake.script(eventStream([chatChunk({ reasoning: 'Hm.' }), GOOD, chatChunk({}, {}, 'stop')]));
    expect(textOf(await collect(subject.llm))).toBe('Good');
  });
});

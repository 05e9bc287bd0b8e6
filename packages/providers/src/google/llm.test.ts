import { afterEach, describe, expect, it } from 'vitest';
import { collect, failureOf, HISTORIES, type ModelSubject, modelSuite, textOf } from '../ai-sdk/testing/model-suite.js';
import { SAMPLING, subjectOf } from '../ai-sdk/testing/subject.js';
import { eventStream } from '../openai-compatible/testing/fake-answers.js';
import { createModel } from './llm.js';
import { chunk, contentAnswer, endOf, errorAnswer, FAKE_KEY, startFakeGemini } from './testing/fake-gemini.js';

const startWith = (model: string) => () =>
  subjectOf(startFakeGemini(), FAKE_KEY, (parts, origin, apiKey) =>
    createModel(
      { ...parts, credential: { apiKey, baseUrl: `${origin}/v1beta` } },
      { provider: 'google', model, ...SAMPLING },
    ),
  );

const GOOD = chunk([{ text: 'Good' }]);
const broken = (code: number, status: string) => JSON.stringify({ error: { code, message: 'no', status } });

modelSuite('google', {
  start: startWith('gemini-2.5-flash'),
  answer: contentAnswer,
  refusal: errorAnswer,
  begun: eventStream([GOOD]),
  inside: [
    ['an overload in the middle', eventStream([GOOD, broken(503, 'UNAVAILABLE')]), 'provider_unavailable'],
    ['a quota in the middle', eventStream([GOOD, broken(429, 'RESOURCE_EXHAUSTED')]), 'provider_rate_limited'],
    ['a deadline in the middle', eventStream([GOOD, broken(504, 'DEADLINE_EXCEEDED')]), 'provider_timeout'],
    ['a call that is none', eventStream([GOOD, endOf('MALFORMED_FUNCTION_CALL')]), 'provider_protocol'],
  ],
  withUnknown: eventStream([
    chunk([{ text: 'Good' }], { moonPhase: 'full' }),
    JSON.stringify({ weather: 'fine' }),
    chunk([{ text: ' morning.' }, { smell: 'roses' }]),
    endOf('STOP'),
  ]),
});

describe('Gemini', () => {
  let subject: ModelSubject | undefined;
  afterEach(() => subject?.close());

  it.each([
    ['gemini-2.5-flash', { thinkingBudget: 0 }],
    ['gemini-2.5-flash-lite', { thinkingBudget: 0 }],
    ['gemini-2.5-pro', { thinkingBudget: 128 }],
    ['gemini-3-flash-preview', { thinkingLevel: 'minimal' }],
    ['gemini-3.1-flash-lite-preview', { thinkingLevel: 'minimal' }],
    ['gemini-3.1-pro-preview', { thinkingLevel: 'low' }],
    ['gemini-3.8-flash', { thinkingLevel: 'low' }],
    ['gemini-flash-latest', { thinkingLevel: 'low' }],
    ['gemini-2.0-flash', undefined],
  ])('%s is asked to think as little as it can', async (model, thinkingConfig) => {
    subject = await startWith(model)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    const { generationConfig } = subject.fake.requests[0]!.body as { generationConfig: { thinkingConfig?: unknown } };
    expect(generationConfig.thinkingConfig).toEqual(thinkingConfig);
  });

  it.each(HISTORIES)('of the third generation answers in a conversation %s', async (_, request) => {
    subject = await startWith('gemini-3-flash-preview')();
    expect(textOf(await collect(subject.llm, request))).toBe('Good morning.');
  });

  it('says nothing of what it thinks', async () => {
    subject = await startWith('gemini-2.5-pro')();
    subject.fake.script(eventStream([chunk([{ text: 'Hm.', thought: true }]), GOOD, endOf('STOP')]));
    expect(textOf(await collect(subject.llm))).toBe('Good');
  });

  it.each([
    ['blocks what it was asked', [JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' } })]],
    ['stops itself before the first word', [endOf('SAFETY')]],
    ['uses up its tokens before the first word', [endOf('MAX_TOKENS')]],
  ])('fails instead of being silent when it %s', async (_, events) => {
    subject = await startWith('gemini-2.5-flash')();
    subject.fake.script(eventStream(events));
    expect((await failureOf(subject.llm)).code).toBe('provider_rejected');
  });
});

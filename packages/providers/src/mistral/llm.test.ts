import { afterEach, describe, expect, it } from 'vitest';
import { chatChunk } from '../ai-sdk/testing/chat-rules.js';
import { collect, failureOf, type ModelSubject, modelSuite, textOf } from '../ai-sdk/testing/model-suite.js';
import { SAMPLING, subjectOf } from '../ai-sdk/testing/subject.js';
import { eventStream, jsonAnswer } from '../openai-compatible/testing/fake-answers.js';
import { createModel } from './llm.js';
import { errorAnswer, FAKE_KEY, mistralAnswer, startFakeMistral } from './testing/fake-mistral.js';

const startWith = (model: string) => () =>
  subjectOf(startFakeMistral(), FAKE_KEY, (parts, origin, apiKey) =>
    createModel(
      { ...parts, credential: { apiKey, baseUrl: `${origin}/v1` } },
      { provider: 'mistral', model, ...SAMPLING },
    ),
  );

const GOOD = chatChunk({ content: 'Good' });

modelSuite('mistral', {
  start: startWith('mistral-small-latest'),
  answer: mistralAnswer,
  refusal: errorAnswer,
  begun: eventStream([GOOD]),
  inside: [['an event that is not JSON', eventStream([GOOD, '{"id":']), 'provider_protocol']],
  statuses: [
    ['a field that is not known', jsonAnswer(422, { detail: [{ msg: 'Extra inputs' }] }), 'provider_rejected'],
  ],
  withUnknown: eventStream([
    chatChunk({ content: 'Good', p: 'abc' }),
    chatChunk({ content: ' morning.' }, { weather: 'fine' }),
    chatChunk({ content: '' }, {}, 'stop'),
    '[DONE]',
  ]),
});

describe('Mistral', () => {
  let subject: ModelSubject | undefined;
  afterEach(() => subject?.close());

  it.each([
    ['mistral-small-latest', 'none'],
    ['mistral-large-latest', undefined],
  ])('%s is asked not to reason where it can be asked', async (model, effort) => {
    subject = await startWith(model)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    expect(subject.fake.requests[0]?.body.reasoning_effort).toBe(effort);
  });

  it('says nothing of what it reasons', async () => {
    subject = await startWith('magistral-small-latest')();
    const thinking = chatChunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] });
    subject.fake.script(eventStream([thinking, GOOD, chatChunk({ content: '' }, {}, 'stop')]));
    expect(textOf(await collect(subject.llm))).toBe('Good');
  });

  it('is quoted where it says what was wrong with a field', async () => {
    subject = await startWith('mistral-small-latest')();
    subject.fake.script(jsonAnswer(422, { detail: [{ loc: ['body'], msg: 'Extra inputs are not permitted' }] }));
    expect((await failureOf(subject.llm)).message).toContain('Extra inputs are not permitted');
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { typedEvents } from '../ai-sdk/testing/events.js';
import { collect, failureOf, type ModelSubject, modelSuite, textOf } from '../ai-sdk/testing/model-suite.js';
import { SAMPLING, subjectOf } from '../ai-sdk/testing/subject.js';
import { createModel } from './llm.js';
import {
  BEGIN,
  delta,
  endOf,
  errorAnswer,
  FAKE_KEY,
  messageAnswer,
  startFakeAnthropic,
} from './testing/fake-anthropic.js';

const startWith = (model: string) => () =>
  subjectOf(startFakeAnthropic(), FAKE_KEY, (parts, origin, apiKey) =>
    createModel(
      { ...parts, credential: { apiKey, baseUrl: `${origin}/v1` } },
      { provider: 'anthropic', model, ...SAMPLING },
    ),
  );

const STOP = { type: 'content_block_stop', index: 0 };
const broken = (type: string) => ({ type: 'error', error: { type, message: 'no' } });
const inside = (...events: { type: string }[]) => typedEvents([...BEGIN, delta('Good'), ...events]);

modelSuite('anthropic', {
  start: startWith('claude-haiku-4-5'),
  answer: messageAnswer,
  refusal: errorAnswer,
  begun: inside(),
  inside: [
    ['an overload in the middle', inside(broken('overloaded_error')), 'provider_unavailable'],
    ['an overload before the first word', typedEvents([broken('overloaded_error')]), 'provider_unavailable'],
    ['a rate limit in the middle', inside(broken('rate_limit_error')), 'provider_rate_limited'],
    ['a rate limit before the first word', typedEvents([broken('rate_limit_error')]), 'provider_rate_limited'],
  ],
  withUnknown: typedEvents([
    ...BEGIN,
    delta('Good'),
    { type: 'weather_report' },
    delta(' morning.'),
    STOP,
    ...endOf('end_turn'),
  ]),
});

describe('a request to Anthropic', () => {
  let subject: ModelSubject | undefined;
  afterEach(() => subject?.close());
  const bodyOf = async (model: string) => {
    subject = await startWith(model)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    return subject.fake.requests[0]?.body;
  };

  it('marks the instructions, and the tools before them, for the cache', async () => {
    expect(await bodyOf('claude-haiku-4-5')).toMatchObject({
      system: [{ type: 'text', text: 'You talk with Ada.', cache_control: { type: 'ephemeral' } }],
      ...{ temperature: 0.4, max_tokens: 400, thinking: { type: 'disabled' } },
    });
  });

  it('keeps a model from thinking that would otherwise, and drops the temperature that it refuses', async () => {
    const body = await bodyOf('claude-sonnet-5');
    expect(body).toMatchObject({ thinking: { type: 'disabled' } });
    expect(body).not.toHaveProperty('temperature');
  });

  it('asks a model that always thinks for little, and prints nothing of it', async () => {
    const print = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const body = await bodyOf('claude-opus-5-5');
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
    expect(body).toMatchObject({ output_config: { effort: 'low' } });
    expect(body).not.toHaveProperty('thinking');
  });

  it('says nothing of thinking to models that know none', async () => {
    expect(await bodyOf('claude-3-haiku-20240307')).not.toHaveProperty('thinking');
  });
});

describe('an answer of Anthropic', () => {
  let subject: ModelSubject;
  beforeEach(async () => {
    subject = await startWith('claude-haiku-4-5')();
  });
  afterEach(() => subject.close());

  it('that was refused before its first word is a failure, not silence', async () => {
    subject.fake.script(typedEvents([...BEGIN, STOP, ...endOf('refusal')]));
    expect((await failureOf(subject.llm)).code).toBe('provider_rejected');
  });
});

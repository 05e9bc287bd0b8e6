import { inspect } from 'node:util';
import { Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { collect, failureOf, type ModelSubject, modelSuite, textOf } from '../ai-sdk/testing/model-suite.js';
import { SAMPLING, subjectOf } from '../ai-sdk/testing/subject.js';
import { createModel } from './llm.js';
import {
  BEGIN,
  converseAnswer,
  delta,
  endOf,
  errorAnswer,
  event,
  exception,
  FAKE_ID,
  FAKE_SECRET,
  startFakeBedrock,
  streamAnswer,
} from './testing/fake-bedrock.js';

const startWith = (model: string) => () =>
  subjectOf(startFakeBedrock(), FAKE_SECRET, (parts, origin, secretAccessKey) =>
    createModel(
      { ...parts, credential: { ...FAKE_ID, secretAccessKey, baseUrl: origin } },
      { provider: 'bedrock', model, ...SAMPLING },
    ),
  );

const GOOD = [BEGIN, delta('Good')];
const begun = streamAnswer(...GOOD);
const damaged = Buffer.concat(GOOD);
damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1;

modelSuite('bedrock', {
  start: startWith('amazon.nova-lite-v1:0'),
  answer: converseAnswer,
  refusal: errorAnswer,
  begun,
  inside: [
    [
      'throttling in the middle',
      streamAnswer(...GOOD, exception('throttlingException', 'no')),
      'provider_rate_limited',
    ],
    ['throttling before the first word', streamAnswer(exception('throttlingException', 'no')), 'provider_rate_limited'],
    ['a late refusal', streamAnswer(...GOOD, exception('validationException', 'no')), 'provider_rejected'],
    [
      'a failure of the model',
      streamAnswer(...GOOD, exception('modelStreamErrorException', 'no')),
      'provider_unavailable',
    ],
    ['an exception nobody knows', streamAnswer(...GOOD, exception('moonException', 'no')), 'provider_unavailable'],
    ['a model that was too slow', streamAnswer(...GOOD, exception('modelTimeoutException', 'no')), 'provider_timeout'],
    ['a damaged frame', { ...begun, body: damaged }, 'provider_protocol'],
    ['half a frame', { ...begun, body: damaged.subarray(0, -20) }, 'provider_protocol'],
  ],
  statuses: [['a failure of the model at once', errorAnswer(424, 'no'), 'provider_unavailable']],
  withUnknown: streamAnswer(
    ...GOOD,
    event('weatherReport', { weather: 'fine' }),
    delta(' morning.'),
    event('contentBlockStop', { contentBlockIndex: 0 }),
    endOf('end_turn'),
  ),
});

describe('Bedrock', () => {
  let subject: ModelSubject | undefined;
  afterEach(() => subject?.close());
  const bodyOf = async (model: string) => {
    subject = await startWith(model)();
    expect(textOf(await collect(subject.llm))).toBe('Good morning.');
    return subject.fake.requests[0]!.body;
  };

  it('marks the instructions for the cache where the model has one', async () => {
    expect(await bodyOf('eu.anthropic.claude-haiku-4-5-20251001-v1:0')).toMatchObject({
      system: [{ text: 'You talk with Ada.' }, { cachePoint: { type: 'default' } }],
      inferenceConfig: { temperature: 0.4, maxTokens: 400 },
    });
  });

  it('keeps a model from thinking that would otherwise, without the temperature that it refuses', async () => {
    const body = await bodyOf('eu.anthropic.claude-sonnet-5-v1:0');
    expect(body).toMatchObject({ additionalModelRequestFields: { thinking: { type: 'disabled' } } });
    expect(body.inferenceConfig).not.toHaveProperty('temperature');
  });

  it.each([
    ['openai.gpt-oss-20b-1:0', { reasoning_effort: 'low' }],
    ['us.anthropic.claude-opus-5-5', { output_config: { effort: 'low' } }],
  ])('asks %s, which always thinks, for little', async (model, fields) => {
    expect(await bodyOf(model)).toMatchObject({ additionalModelRequestFields: fields });
  });

  it('goes to the address of its region, and keeps the secret out of what it throws', async () => {
    const asked: string[] = [];
    const parts = {
      ...{ clock: new VirtualClock(), logger: silentLogger },
      fetch: (async (url) => {
        asked.push(String(url));
        throw new TypeError('fetch failed');
      }) as typeof fetch,
      credential: { ...FAKE_ID, region: 'cn-north-1', secretAccessKey: new Secret(FAKE_SECRET) },
    };
    const error = await failureOf(
      createModel(parts, { provider: 'bedrock', model: 'amazon.nova-lite-v1:0', ...SAMPLING }),
    );
    expect(error.code).toBe('provider_unavailable');
    expect(inspect(error, { depth: 9 })).not.toContain(FAKE_SECRET);
    expect(asked).toEqual([
      'https://bedrock-runtime.cn-north-1.amazonaws.com.cn/model/amazon.nova-lite-v1%3A0/converse-stream',
    ]);
  });
});

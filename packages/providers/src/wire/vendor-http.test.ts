import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { type Logger, RapidaError, Secret, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonAnswer } from '../openai-compatible/testing/fake-answers.js';
import { errorAnswer, FAKE_KEY, type FakeOpenAi, startFakeOpenAi } from '../openai-compatible/testing/fake-openai.js';
import { createVoice } from '../openai-compatible/tts.js';
import { createVendorHttp, type VendorHttp } from './vendor-http.js';

const ANSWER_MS = 4_000;
const STALL_MS = 2_000;
const SPEECH = { type: 'json', json: '{"model":"tts-1","input":"Hi","voice":"alloy"}' } as const;

let fake: FakeOpenAi;
let clock: VirtualClock;
let server: VendorHttp;
let logged: unknown[];

beforeEach(async () => {
  fake = await startFakeOpenAi();
  clock = new VirtualClock();
  logged = [];
  server = serverWith({});
});

afterEach(() => fake.close());

function serverWith(options: { apiKey?: Secret | undefined; baseUrl?: string }): VendorHttp {
  const logger: Logger = { ...silentLogger, warn: (...line) => void logged.push(line) };
  return createVendorHttp({
    clock,
    logger,
    baseUrl: fake.baseUrl,
    apiKey: new Secret(FAKE_KEY),
    fetch,
    timeouts: { answerMs: ANSWER_MS, stallMs: STALL_MS },
    ...options,
  });
}

async function failureOf(work: Promise<unknown>): Promise<RapidaError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(RapidaError);
  return thrown as RapidaError;
}

const post = (signal = new AbortController().signal, bodyBytesMax = 1_000_000) =>
  server.post('/audio/speech', SPEECH, signal, bodyBytesMax);

describe('refusals', () => {
  it.each([
    [403, 'provider_auth'],
    [404, 'provider_rejected'],
    [408, 'provider_timeout'],
    [422, 'provider_rejected'],
    [429, 'provider_rate_limited'],
    [500, 'provider_unavailable'],
    [503, 'provider_unavailable'],
  ])('turns %i into %s and leaves nothing behind', async (status, code) => {
    fake.script('/audio/speech', errorAnswer(status, 'Try again.', 'x', null));
    const { signal } = new AbortController();
    expect((await failureOf(post(signal))).code).toBe(code);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps a refused key out of the error and the log', async () => {
    server = serverWith({ apiKey: new Secret('sk-wrong-key') });
    const error = await failureOf(post());
    expect(error.code).toBe('provider_auth');
    expect(inspect([error, logged, server], { depth: 9 })).not.toContain('sk-wrong-key');
    expect(logged).toEqual([[{ path: '/audio/speech', code: 'provider_auth' }, expect.any(String)]]);
  });

  it('follows no redirect', async () => {
    fake.script('/audio/speech', { ...jsonAnswer(307, {}), headers: { location: `${fake.baseUrl}/elsewhere` } });
    expect((await failureOf(post())).code).toBe('provider_protocol');
    expect(fake.requests.length).toBe(1);
  });

  it('reads of an endless refusal only the beginning', async () => {
    const endless = errorAnswer(400, 'x'.repeat(500_000), 'x', null);
    fake.script('/audio/speech', { ...endless, ending: 'stall' });
    expect((await failureOf(post())).code).toBe('provider_rejected');
    expect(await fake.requests[0]?.over).toBe('cut');
  });
});

describe('the network', () => {
  it('turns a server that is not there into provider_unavailable', async () => {
    await fake.close();
    expect((await failureOf(post())).code).toBe('provider_unavailable');
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(['disconnect-first', 'disconnect'] as const)('turns %s into provider_unavailable', async (ending) => {
    fake.script('/audio/speech', { ...jsonAnswer(200, { half: 'an answer' }), ending });
    expect((await failureOf(post().then((response) => response.text()))).code).toBe('provider_unavailable');
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up on a server that does not begin to answer, exactly in time', async () => {
    fake.script('/audio/speech', { ...jsonAnswer(200, {}), ending: 'stall-first' });
    const failure = failureOf(post());
    await fake.arrived(1);
    let isOver = false;
    void failure.then(() => {
      isOver = true;
    });
    await clock.advance(ANSWER_MS - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect((await failure).code).toBe('provider_timeout');
    expect(await fake.requests[0]?.over).toBe('cut');
  });

  it('gives up on an answer that stalls while it is read, and only then', async () => {
    fake.script('/audio/speech', { ...jsonAnswer(200, 'beginning'), ending: 'stall' });
    const reader = (await post()).body!.getReader();
    await reader.read();
    await clock.advance(10 * STALL_MS);
    const failure = failureOf(reader.read());
    await clock.advance(STALL_MS);
    expect((await failure).code).toBe('provider_timeout');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('limits', () => {
  it('stops reading an answer above its limit', async () => {
    fake.script('/audio/speech', { ...jsonAnswer(200, 'x'.repeat(10_000)), ending: 'stall' });
    const failure = failureOf(post(undefined, 5_000).then((response) => response.arrayBuffer()));
    expect((await failure).code).toBe('provider_protocol');
    expect(await fake.requests[0]?.over).toBe('cut');
  });

  it('takes an answer of exactly its limit', async () => {
    fake.script('/audio/speech', { ...jsonAnswer(200, {}), body: new Uint8Array(5_000), chunkBytes: 999 });
    const response = await post(undefined, 5_000);
    expect((await response.arrayBuffer()).byteLength).toBe(5_000);
  });
});

describe('aborting', () => {
  it('throws the reason of the signal, and ends the request', async () => {
    fake.script('/audio/speech', { ...jsonAnswer(200, {}), ending: 'stall-first' });
    const abort = new AbortController();
    const posting = post(abort.signal);
    await fake.arrived(1);
    const reason = new Error('hung up');
    abort.abort(reason);
    await expect(posting).rejects.toBe(reason);
    expect(await fake.requests[0]?.over).toBe('cut');
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends the request when the body is cancelled', async () => {
    fake.script('/audio/speech', { ...jsonAnswer(200, 'beginning'), ending: 'stall' });
    const { signal } = new AbortController();
    await (await post(signal)).body?.cancel();
    expect(await fake.requests[0]?.over).toBe('cut');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('the key', () => {
  const config = { provider: 'openai-compatible', model: 'tts-1', voice: 'alloy', speed: 1 } as const;
  const speakOnce = async (operatorsUrl: string, ownBaseUrl: string) => {
    const credential = { baseUrl: operatorsUrl, apiKey: new Secret(FAKE_KEY) };
    const voice = createVoice({ clock, logger: silentLogger, credential }, { ...config, baseUrl: ownBaseUrl });
    async function* text() {
      yield 'Hi';
    }
    const events = voice.speak(text(), { ...config, language: 'en' }, new AbortController().signal);
    for await (const _ of events);
  };

  it("goes to an assistant's own address on the operator's server", async () => {
    await speakOnce(`${fake.baseUrl}/other`, fake.baseUrl);
    expect(fake.requests[0]?.authorization).toBe(`Bearer ${FAKE_KEY}`);
  });

  it('does not go to a server that only the assistant names', async () => {
    await speakOnce('https://api.openai.example/v1', fake.baseUrl).catch(() => {});
    expect(fake.requests[0]?.authorization).toBeUndefined();
  });
});

import { once } from 'node:events';
import { RapidaError } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { SESSIONS } from '../testing/fake-sign-in.js';
import {
  CONTEXT_ID,
  createFakeStream,
  createFakeUseCases,
  type FakeStream,
  type FakeUseCases,
  KEYS,
} from '../testing/fake-use-cases.js';
import { CREATED_AT_MS } from '../testing/records.js';

let useCases: FakeUseCases;
let api: ApiUnderTest;
let stream: FakeStream;
let port: number;
beforeEach(() => {
  stream = createFakeStream();
});
afterEach(() => api.close());

async function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}): Promise<void> {
  useCases = createFakeUseCases({ live: { follow: async () => stream }, ...overrides });
  api = createApiUnderTest(useCases, { pathPrefix: '/rapida' });
  ({ port } = await api.listen({ host: '127.0.0.1', port: 0 }));
}

type Headers = Readonly<Record<string, string>>;
const BROWSER: Headers = { cookie: `rapida_session=${SESSIONS.calls}` };

function connect(path = `/v1/test-calls/${CONTEXT_ID}?mode=microphone`, headers: Headers = BROWSER) {
  const origin = `http://127.0.0.1:${port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { origin, ...headers } });
  const texts: unknown[] = [];
  const binary: Buffer[] = [];
  socket.on('message', (data, isBinary) => {
    if (isBinary) binary.push(data as Buffer);
    else texts.push(JSON.parse(String(data)));
  });
  socket.on('error', () => {});
  return { socket, texts, binary, open: once(socket, 'open'), closed: once(socket, 'close') };
}

/** The status and the code of a connection that is refused. */
async function refusal(path?: string, headers?: Headers): Promise<[number | undefined, string]> {
  const { socket } = connect(path, headers);
  const [, answer] = await once(socket, 'unexpected-response');
  let text = '';
  for await (const chunk of answer) text += chunk;
  return [answer.statusCode, JSON.parse(text).code];
}

const until = (assertion: () => void) => vi.waitFor(assertion, { timeout: 5_000, interval: 5 });
const ENDED = {
  ...{ projectId: '7', callId: '11', assistantId: '1', seq: 3, type: 'call.ended', atMs: CREATED_AT_MS, data: {} },
};

describe('a test call', () => {
  it('is registered with a session or a key that may read calls, and says where its sound goes', async () => {
    await start();
    const answer = await api.fastify.inject({
      ...{ method: 'POST', url: '/v1/assistants/1/test-calls', payload: { mode: 'text', version: 2 } },
      headers: { ...BROWSER, 'x-rapida-csrf': '1' },
    });
    expect(answer.statusCode).toBe(201);
    const path = `v1/test-calls/${CONTEXT_ID}?mode=text`;
    expect(answer.json()).toEqual({ callId: '11', contextId: CONTEXT_ID, path });
    const request = { projectId: '7', assistantId: '1', version: 2, from: 'browser', mode: 'text' };
    expect(useCases.asked).toEqual([['testCalls.register', request]]);
    const url = '/v1/assistants/1/test-calls';
    const withKey = { 'x-api-key': KEYS.inbound };
    const refused = await api.fastify.inject({ method: 'POST', url, payload: { mode: 'text' }, headers: withKey });
    expect(refused.statusCode).toBe(403);
  });

  it('carries sound both ways, and tells what happens until the call has ended', async () => {
    await start();
    const page = connect(`/rapida/v1/test-calls/${CONTEXT_ID}?mode=microphone`);
    await page.open;
    page.socket.send(Buffer.from([1, 2, 3]));
    await until(() => expect(page.binary).toEqual([Buffer.from([2, 3, 4])]));
    stream.put({ ...ENDED, seq: null, type: 'caller.said', data: { text: 'hi', rejected: false } });
    await until(() => expect(page.texts).toHaveLength(2));
    page.socket.send('over');
    stream.put(ENDED);
    const [code] = await page.closed;
    expect(code).toBe(1000);
    const event = { callId: '11', assistantId: '1', at: '2026-01-02T03:04:05.678Z' };
    expect(page.texts).toEqual([
      { type: 'started', callId: '11', rateHz: 16_000, frameMs: 20, channels: 1, mode: 'microphone' },
      { type: 'event', event: { ...event, seq: null, type: 'caller.said', data: { text: 'hi', rejected: false } } },
      { type: 'event', event: { ...event, seq: 3, type: 'call.ended', data: {} } },
      { type: 'ended', state: 'completed', reason: 'caller_hangup', disconnectedBy: 'user' },
    ]);
    expect([useCases.attached[0]?.kind, stream.closed]).toEqual(['browser', true]);
  });

  it('is closed without its last event where that does not come in time', async () => {
    await start();
    const page = connect();
    await page.open;
    page.socket.send('over');
    await until(() => expect(useCases.attached).toHaveLength(1));
    await until(() => expect(api.clock.pendingTimers).toBeGreaterThan(0));
    await api.clock.advance(2_000);
    await page.closed;
    expect(page.texts.at(-1)).toMatchObject({ type: 'ended' });
  });

  it('has a voice where it is typed', async () => {
    await start();
    const page = connect(`/v1/test-calls/${CONTEXT_ID}?mode=text`);
    await page.open;
    page.socket.send('hello');
    await until(() => expect(page.texts.at(-1)).toEqual({ heard: 'hello', typing: true }));
    page.socket.close();
    stream.put(ENDED);
    await page.closed;
  });

  it('is refused before anything is opened, with the reason', async () => {
    await start();
    expect(await refusal(undefined, {})).toEqual([401, 'key_missing']);
    expect(await refusal(undefined, { cookie: 'rapida_session=x' })).toEqual([401, 'session_over']);
    expect(await refusal(undefined, { 'x-api-key': KEYS.inbound })).toEqual([403, 'key_scope']);
    expect(await refusal(undefined, { ...BROWSER, origin: 'https://evil.example' })).toEqual([403, 'csrf_refused']);
    expect(await refusal('/v1/test-calls/00000000-0000-4000-8000-000000000000')).toEqual([404, 'context_unknown']);
    expect(useCases.claims).toHaveLength(1);
  });

  it('of another project is not there, and its context is worth nothing any more', async () => {
    const context = { contextId: CONTEXT_ID, callId: '11', projectId: '8', assistantId: '1' };
    await start({ media: { claim: async () => ({ ok: true, context }) } });
    expect(await refusal()).toEqual([404, 'context_unknown']);
    expect(useCases.abandoned).toMatchObject([{ context, code: 'media_start_missing' }]);
  });

  it('fails on record where it cannot be followed, or its voice is not there', async () => {
    const broken = async () => {
      throw new RapidaError('too_many_streams');
    };
    await start({ live: { follow: broken } });
    expect(await refusal()).toEqual([429, 'too_many_streams']);
    expect(useCases.abandoned).toHaveLength(1);
    await api.close();
    await start({ testCalls: { voice: broken } });
    expect(await refusal(`/v1/test-calls/${CONTEXT_ID}?mode=text`)).toEqual([429, 'too_many_streams']);
    expect(useCases.abandoned).toHaveLength(1);
  });

  it('ends with the server: the page is told in the way of the protocol', async () => {
    await start();
    const page = connect();
    await page.open;
    await until(() => expect(page.texts).toHaveLength(1));
    stream.put('closed');
    const closing = api.close();
    expect((await page.closed)[0]).toBe(1000);
    await closing;
  });

  it('is one of fifty of the same key at most', async () => {
    const streams: FakeStream[] = [];
    const follow = async () => {
      streams.push(createFakeStream());
      return streams.at(-1) as FakeStream;
    };
    await start({ live: { follow } });
    const pages = Array.from({ length: 50 }, () => connect());
    await Promise.all(pages.map(({ open }) => open));
    expect(await refusal()).toEqual([429, 'too_many_streams']);
    expect(await refusal(undefined, { 'x-api-key': 'unknown' })).toEqual([401, 'key_invalid']);
    for (const { socket } of pages) socket.terminate();
    for (const one of streams) one.close();
    await until(async () => {
      const again = connect();
      await again.open;
      again.socket.terminate();
      for (const one of streams) one.close();
    });
  });
});

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type LiveEvent, RapidaError } from '@rapida/core';
import { settle, TEST_TLS } from '@rapida/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import {
  CALL,
  createFakeStream,
  createFakeUseCases,
  type FakeStream,
  type FakeUseCases,
  KEYS,
  PROJECT,
} from '../testing/fake-use-cases.js';

const PATH = '/v1/calls/stream';
const BEAT_MS = 15_000;

const anEvent = (changes: Partial<LiveEvent> = {}): LiveEvent => ({
  ...{ projectId: PROJECT, assistantId: '12', callId: CALL.id, seq: 1, type: 'webhook' },
  ...{ atMs: Date.UTC(2026, 0, 1), data: { from: '+1' } },
  ...changes,
});

let api: ApiUnderTest;
let useCases: FakeUseCases;
let stream: FakeStream;
let scheme: 'http' | 'https';
let port: number;
afterEach(() => api.close());

async function open(overrides: Parameters<typeof createFakeUseCases>[0] = {}, tls?: typeof TEST_TLS): Promise<void> {
  stream = createFakeStream();
  const live = { follow: async () => stream, ...overrides.live };
  useCases = createFakeUseCases({ ...overrides, live });
  api = createApiUnderTest(useCases, { ...(tls && { tls }) });
  scheme = tls === undefined ? 'http' : 'https';
  ({ port } = await api.listen({ host: '127.0.0.1', port: 0 }));
}

/** A client, and all that it has read. */
async function connect(query = '', headers: Record<string, string> = { 'x-api-key': KEYS.calls }) {
  const url = `${scheme}://127.0.0.1:${port}${PATH}${query}`;
  const request =
    scheme === 'https'
      ? httpsRequest(url, { headers, rejectUnauthorized: false, agent: false })
      : httpRequest(url, { headers, agent: false });
  request.end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const client = { answer, text: '', ended: false, leave: () => request.destroy() };
  answer.setEncoding('utf8');
  answer.on('data', (text: string) => {
    client.text += text;
  });
  answer.on('end', () => {
    client.ended = true;
  });
  answer.on('error', () => {});
  return client;
}

const until = (assertion: () => void) => vi.waitFor(assertion, { timeout: 5_000, interval: 5 });

describe('GET /v1/calls/stream', () => {
  it.each([undefined, TEST_TLS])('gives each event as a message, at once', async (tls) => {
    await open({}, tls);
    const client = await connect();
    expect(client.answer.statusCode).toBe(200);
    expect(client.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    stream.put(anEvent());
    stream.put(anEvent({ seq: null, type: 'caller.partial', data: { text: 'two\nlines' } }));
    const at = '"at":"2026-01-01T00:00:00.000Z"';
    const whose = `"callId":"${CALL.id}","assistantId":"12"`;
    await until(() =>
      expect(client.text).toBe(
        [
          ': live events\n',
          `id: ${CALL.id}.1.0\nevent: webhook\ndata: {${whose},"seq":1,"type":"webhook",${at},"data":{"from":"+1"}}\n`,
          `id: ${CALL.id}.1.1\nevent: caller.partial\ndata: {${whose},"seq":null,"type":"caller.partial",${at},"data":{"text":"two\\nlines"}}\n\n`,
        ].join('\n'),
      ),
    );
    client.leave();
    await until(() => expect(stream.closed).toBe(true));
  });

  it('lets the name of an event that was reported end no line', async () => {
    await open();
    const client = await connect();
    stream.put(anEvent({ type: 'x\r\ndata: {}\n\n' }));
    await until(() => expect(client.text).toContain('\nevent: x  data: {}  \ndata: {"callId"'));
  });

  it('asks for what was asked for, after the last message that was read', async () => {
    await open({
      live: {
        follow: async (request) => {
          useCases.asked.push(['follow', request]);
          return stream;
        },
      },
    });
    const own = { projectId: PROJECT, keyId: expect.any(String) };
    await connect();
    await connect(`?callId=${CALL.id}&assistantId=12`);
    await connect(`?callId=${CALL.id}&lastEventId=${CALL.id}.3.9`);
    await connect(`?callId=${CALL.id}&lastEventId=${CALL.id}.3.9`, {
      'x-api-key': KEYS.calls,
      'last-event-id': `${CALL.id}.4.0`,
    });
    await connect(`?lastEventId=${CALL.id}.3.9`);
    await connect(`?callId=${CALL.id}&lastEventId=999.3.9`);
    expect(useCases.asked).toEqual([
      ['follow', own],
      ['follow', { ...own, callId: CALL.id, assistantId: '12' }],
      ['follow', { ...own, callId: CALL.id, afterSeq: 3 }],
      ['follow', { ...own, callId: CALL.id, afterSeq: 4 }],
      ['follow', own],
      ['follow', { ...own, callId: CALL.id }],
    ]);
  });

  it.each([
    ['?callId=x', {}, 400, 'invalid_request'],
    ['?assistantId=-1', {}, 400, 'invalid_request'],
    ['?lastEventId=7', {}, 400, 'invalid_request'],
    [`?lastEventId=${'1'.repeat(101)}`, {}, 400, 'invalid_request'],
    ['', { 'last-event-id': '1.2' }, 400, 'invalid_request'],
    ['', { 'x-api-key': '' }, 401, 'key_missing'],
  ] as const)('refuses %s %o', async (query, headers, status, code) => {
    await open();
    const client = await connect(query, { 'x-api-key': KEYS.calls, ...headers });
    await until(() => expect(client.ended).toBe(true));
    expect([client.answer.statusCode, JSON.parse(client.text).code]).toEqual([status, code]);
  });

  it.each([
    ['call_not_found', 404],
    ['too_many_streams', 429],
  ] as const)('answers %s with %i', async (code, status) => {
    await open({ live: { follow: () => Promise.reject(new RapidaError(code)) } });
    const client = await connect();
    expect(client.answer.statusCode).toBe(status);
    expect(client.answer.headers['retry-after']).toBe(status === 429 ? '5' : undefined);
  });

  it('tells a client to come no more where the call has ended and it has read everything', async () => {
    await open({ live: { follow: async () => (stream = createFakeStream(true)) } });
    const client = await connect(`?callId=${CALL.id}&lastEventId=${CALL.id}.3.0`);
    expect(client.answer.statusCode).toBe(204);
    expect(stream.closed).toBe(true);
  });

  it('says why it ends', async () => {
    await open();
    const client = await connect(`?callId=${CALL.id}`);
    stream.put(anEvent());
    stream.put('call_ended');
    await until(() => expect(client.ended).toBe(true));
    const last = client.text.slice(client.text.lastIndexOf('event: '));
    expect(last).toContain('event: stream.closed\n');
    expect(JSON.parse(last.slice(last.indexOf('{')))).toEqual({
      ...{ callId: CALL.id, assistantId: '', seq: null, type: 'stream.closed' },
      ...{ at: new Date(api.clock.wallMs()).toISOString(), data: { reason: 'call_ended' } },
    });
    expect(stream.closed).toBe(true);
    expect(api.clock.pendingTimers).toBe(0);
  });

  it('gives a sign of life every 15 s, whatever else is told', async () => {
    await open();
    const client = await connect();
    const beats = () => client.text.split(': keep-alive\n\n').length - 1;
    await api.clock.advance(BEAT_MS - 1);
    stream.put(anEvent());
    await until(() => expect(client.text).toContain('webhook'));
    expect(beats()).toBe(0);
    await api.clock.advance(1);
    await until(() => expect(beats()).toBe(1));
    await api.clock.advance(BEAT_MS);
    await until(() => expect(beats()).toBe(2));
    client.leave();
    await until(() => expect(api.clock.pendingTimers).toBe(0));
  });

  it('ends for a key that was revoked, and not because the store cannot be asked', async () => {
    let failure: 'key_invalid' | 'store_failed' | undefined;
    await open();
    const { authenticate } = useCases.keys;
    (useCases.keys as { authenticate: typeof authenticate }).authenticate = async (...given) => {
      if (failure !== undefined) throw new RapidaError(failure);
      return authenticate(...given);
    };
    const client = await connect();
    failure = 'store_failed';
    await api.clock.advance(BEAT_MS);
    await until(() => expect(client.text).toContain('keep-alive'));
    expect(client.ended).toBe(false);
    failure = 'key_invalid';
    await api.clock.advance(BEAT_MS);
    await until(() => expect(client.ended).toBe(true));
    expect(client.text).toContain('"reason":"key_invalid"');
    expect(stream.closed).toBe(true);
  });

  it('asks for no more than the connection takes, and cuts it when it takes nothing any more', async () => {
    await open();
    const client = await connect();
    client.answer.pause();
    const text = 'x'.repeat(100_000);
    const EVENTS = 500;
    for (let n = 1; n <= EVENTS; n++) stream.put(anEvent({ seq: n, data: { text } }));
    // 50 MB are more than a socket of this host holds: the rest stays where it is counted.
    let left = -1;
    await until(() => {
      const before = left;
      left = stream.unread;
      expect(left).toBe(before);
    });
    expect(left).toBeGreaterThan(0);
    await api.clock.advance(BEAT_MS);
    await settle();
    expect(stream.closed).toBe(false);
    await api.clock.advance(BEAT_MS);
    await until(() => expect(stream.closed).toBe(true));
    expect(api.counts).toContain('rapida_live_cut_total{why=stalled}');
    expect(api.clock.pendingTimers).toBe(0);
  });

  it('ends with the server, and does not hold it up', async () => {
    await open();
    const clients = await Promise.all([connect(), connect()]);
    // The clock stands: nothing is cut by time.
    await api.close();
    for (const client of clients) {
      await until(() => expect(client.ended).toBe(true));
      expect(client.text).toContain('"reason":"server_shutdown"');
    }
    expect(stream.closed).toBe(true);
    expect(api.clock.pendingTimers).toBe(0);
  });
});

import { get } from 'node:https';
import { connect } from 'node:net';
import { connectChanWebSocket } from '@rapida/chan-websocket';
import { RapidaError } from '@rapida/core';
import { TEST_TLS } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiDependencies } from './create-api.js';
import { type ApiUnderTest, createApiUnderTest } from './testing/api-under-test.js';
import { CONTEXT_ID, createFakeUseCases, KEYS } from './testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

function start(overrides: Parameters<typeof createFakeUseCases>[0] = {}, options: Partial<ApiDependencies> = {}) {
  const useCases = createFakeUseCases(overrides);
  api = createApiUnderTest(useCases, options);
  return useCases;
}

/** What a socket is answered that was sent these bytes and nothing more. */
async function answerTo(bytes: string): Promise<{ head: string; body: string }> {
  const { port } = await api.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += chunk;
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { head, body };
}

describe('who may do what', () => {
  const INBOUND_ONLY = ['/v1/talk/asterisk/call/1?from=1'];
  const CALLS = ['/v1/calls', '/v1/calls/11', '/v1/calls/11/metrics', '/v1/assistants', '/v1/assistants/1'];
  const ADMIN_ONLY = [
    '/v1/api-keys',
    '/v1/credentials',
    '/v1/credentials/31',
    '/v1/webhooks',
    '/v1/webhooks/51',
    '/v1/webhooks/deliveries',
  ];

  it.each([
    ['inbound', INBOUND_ONLY, [...CALLS, ...ADMIN_ONLY]],
    ['calls', CALLS, [...INBOUND_ONLY, ...ADMIN_ONLY]],
    ['admin', [...INBOUND_ONLY, ...CALLS, ...ADMIN_ONLY], []],
  ] as const)('a key with the scope %s', async (scope, allowed, forbidden) => {
    start();
    const statusOf = async (url: string) =>
      (await api.fastify.inject({ url, headers: { 'x-api-key': KEYS[scope] } })).statusCode;
    for (const url of allowed) expect(await statusOf(url), url).toBe(200);
    for (const url of forbidden) expect(await statusOf(url), url).toBe(403);
  });

  it('asks for the key on every route that is described as needing one, and on no other', async () => {
    start();
    const { paths } = (await api.fastify.inject('/openapi.json')).json();
    for (const [path, methods] of Object.entries<Record<string, { security: unknown[] }>>(paths)) {
      for (const [method, { security }] of Object.entries(methods)) {
        const url = path.replaceAll(/\{\w+\}/g, '1');
        const answer = await api.fastify.inject({ method: method.toUpperCase() as 'GET', url });
        const isMissing = answer.statusCode === 401 && answer.headers['x-rapida-error'] === 'key_missing';
        expect(isMissing, `${method} ${path}`).toBe(security.length > 0);
      }
    }
  });

  it('lets nobody add a route that does not say who may use it', () => {
    start();
    expect(() => api.fastify.get('/open', async () => 'x')).toThrow('GET /open does not say who may use it');
  });

  it('does not wait for a store that hangs on the key', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const authenticate = () => {
      entered();
      return new Promise<never>(() => {});
    };
    start({ keys: { authenticate } });
    const answering = api.fastify.inject({ url: '/v1/calls', headers: { 'x-api-key': KEYS.calls } });
    await inside;
    await api.clock.advance(4_000);
    expect((await answering).json()).toMatchObject({ code: 'store_failed' });
  });
});

describe('errors', () => {
  it('answers an unknown address, and a known one with another method, with not_found', async () => {
    start();
    for (const answer of [
      await api.fastify.inject('/nowhere?x-api-key=rpd-secret'),
      await api.fastify.inject({ method: 'PATCH', url: '/v1/calls' }),
    ]) {
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toEqual({ error: 'Nothing is served under this address.', code: 'not_found' });
    }
    expect(api.logLines.join('\n')).not.toContain('rpd-secret');
  });

  it('answers an unforeseen failure with its request id alone, and logs the cause under it', async () => {
    const cause = new TypeError('rows is undefined');
    start({ calls: { list: async () => Promise.reject(cause) } });
    const answer = await api.fastify.inject({ url: '/v1/calls', headers: { 'x-api-key': KEYS.calls } });
    expect(answer.statusCode).toBe(500);
    expect(answer.headers['x-request-id']).toBe('request-1');
    expect(answer.json()).toMatchObject({ code: 'internal', error: expect.stringContaining('request-1') });
    expect(answer.body).not.toContain('rows');
    const logged = api.logLines.find((line) => line.includes('rows is undefined'));
    expect(logged).toContain('request-1');
  });

  it.each([
    ['{"name":', 'The body is not valid JSON.'],
    ['{"name":"x","__proto__":{}}', 'The body is not valid JSON.'],
    ['', expect.stringMatching(/^body: /)],
    ['null', expect.stringMatching(/^body: /)],
  ])('answers the malformed JSON "%s" with invalid_request', async (payload, error) => {
    start();
    const headers = { 'x-api-key': KEYS.admin, 'content-type': 'application/json' };
    const answer = await api.fastify.inject({ method: 'POST', url: '/v1/assistants', headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({ error, code: 'invalid_request' });
  });

  it('takes JSON as the type of no body', async () => {
    start();
    const headers = { 'x-api-key': KEYS.admin, 'content-type': 'application/json' };
    const hangup = await api.fastify.inject({ method: 'POST', url: '/v1/calls/11/hangup', headers });
    expect(hangup.statusCode).toBe(204);
  });

  it('refuses a body over 1 MiB, and takes one below', async () => {
    start();
    const post = (length: number) =>
      api.fastify.inject({
        method: 'POST',
        url: '/v1/assistants',
        headers: { 'x-api-key': KEYS.admin, 'content-type': 'application/json' },
        payload: `{"name":"x"${' '.repeat(length - 12)}}`,
      });
    expect((await post(1_048_576)).statusCode).toBe(201);
    const answer = await post(1_048_577);
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'body_too_large' });
  });

  it('refuses a path and query that are too long', async () => {
    start();
    const answer = await api.fastify.inject(`/healthz?x=${'x'.repeat(8_192)}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request' });
  });

  it('gives an address that is not percent-encoded the same shape and headers', async () => {
    start();
    const answer = await api.fastify.inject('/v1/calls/%E0%A4%A?x-api-key=rpd-secret');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request' });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.body).not.toContain('rpd-secret');
  });

  it('says when to come back with every 503', async () => {
    start({ assistants: { list: async () => Promise.reject(new RapidaError('store_failed')) } });
    const answer = await api.fastify.inject({ url: '/v1/assistants', headers: { 'x-api-key': KEYS.calls } });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
  });
});

describe('the server', () => {
  it('says nothing of itself, and opens itself to no other site', async () => {
    start();
    const { headers } = await api.fastify.inject({ url: '/healthz', headers: { origin: 'https://example.com' } });
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(Object.keys(headers)).not.toContain('server');
    expect(Object.keys(headers)).not.toContain('x-powered-by');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('counts answers by route and status', async () => {
    start();
    await api.fastify.inject('/v1/calls/11');
    await api.fastify.inject('/nowhere');
    expect(api.counts.filter((count) => count.startsWith('rapida_http'))).toEqual([
      'rapida_http_requests_total{route=/v1/calls/:id,status=401}',
      'rapida_http_requests_total{route=unknown,status=404}',
    ]);
  });

  it.each([
    ['NONSENSE\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nX: ${'x'.repeat(16_384)}\r\n\r\n`, 431],
  ])('answers what is no request', async (bytes, status) => {
    start();
    const { head, body } = await answerTo(bytes);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toMatchObject({ code: 'invalid_request' });
  });

  it('listens on a free port, and closes twice', async () => {
    start();
    const { port } = await api.listen({ host: '127.0.0.1', port: 0 });
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    await Promise.all([api.close(), api.close()]);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    expect(api.clock.pendingTimers).toBe(0);
  });

  it('lets go of a request that never ends when it closes', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const list = () => {
      entered();
      return new Promise<never>(() => {});
    };
    start({ calls: { list } });
    const { port } = await api.listen({ host: '127.0.0.1', port: 0 });
    const asking = fetch(`http://127.0.0.1:${port}/v1/calls`, { headers: { 'x-api-key': KEYS.calls } });
    const cut = expect(asking).rejects.toThrow();
    await inside;
    const closing = api.close();
    await api.clock.advance(5_000);
    await closing;
    await cut;
  });

  it('speaks https and wss on the same port', async () => {
    const { attached } = start({}, { tls: TEST_TLS });
    const { port } = await api.listen({ host: '127.0.0.1', port: 0 });
    const tls = { ca: TEST_TLS.cert };
    const status = await new Promise((resolve) => {
      get({ host: '127.0.0.1', port, path: '/healthz', ...tls }, (answer) => resolve(answer.resume().statusCode));
    });
    expect(status).toBe(200);
    const url = `wss://127.0.0.1:${port}/v1/talk/asterisk/ctx/${CONTEXT_ID}`;
    const client = connectChanWebSocket({ clock: api.clock, url, tls: { ...tls, servername: 'localhost' } });
    expect(await client.opened).toEqual({ ok: true, protocol: 'media' });
    client.hangup();
    await client.ended;
    expect(attached).toHaveLength(1);
  });

  it('answers HEAD as it answers GET', async () => {
    start();
    expect((await api.fastify.inject({ method: 'HEAD', url: '/healthz' })).statusCode).toBe(200);
    expect((await api.fastify.inject({ method: 'HEAD', url: '/v1/calls' })).statusCode).toBe(401);
  });

  it('says which address it could not have', async () => {
    start();
    const { port } = await api.listen({ host: '127.0.0.1', port: 0 });
    const second = createApiUnderTest(createFakeUseCases());
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await second.close();
  });
});

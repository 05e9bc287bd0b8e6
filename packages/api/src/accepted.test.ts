import { get } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, Socket, type SocketConstructorOpts } from 'node:net';
import * as grpcJs from '@grpc/grpc-js';
import { connectChanWebSocket } from '@rapida/chan-websocket';
import { TEST_TLS } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiDependencies } from './create-api.js';
import { call, clientOf, createGrpcUnderTest, WITH_KEY } from './grpc/testing/grpc-under-test.js';
import { type ApiUnderTest, createApiUnderTest } from './testing/api-under-test.js';
import { CONTEXT_ID, createFakeUseCases, KEYS } from './testing/fake-use-cases.js';

/** Whoever accepts the connections: they are not read here. */
let doorman: Server;
let port: number;
let give: (socket: Socket) => void;
beforeEach(async () => {
  doorman = createServer({ pauseOnConnect: true }, (socket) => {
    give(asReceived(socket));
  });
  await new Promise<void>((resolve) => doorman.listen(0, '127.0.0.1', resolve));
  port = (doorman.address() as AddressInfo).port;
});
afterEach(() => doorman.close());

/** As another process gets it: a new socket over the same connection, which begins to read. */
function asReceived(socket: Socket): Socket {
  const accepted = socket as Socket & { _handle: unknown };
  const handle = accepted._handle;
  accepted._handle = null;
  return new Socket({ handle, readable: true, writable: true } as SocketConstructorOpts);
}

describe('HTTP over connections that somebody else has accepted', () => {
  let api: ApiUnderTest;
  afterEach(() => api.close());

  async function start(
    overrides: Parameters<typeof createFakeUseCases>[0] = {},
    options: Partial<ApiDependencies> = {},
  ) {
    const useCases = createFakeUseCases(overrides);
    api = createApiUnderTest(useCases, options);
    await api.ready();
    give = (socket) => api.accept(socket);
    return useCases;
  }

  it('is answered, also to a client that has said all it will', async () => {
    await start();
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.end('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1.1 200 /);
  });

  it('speaks https and wss', async () => {
    const { attached } = await start({}, { tls: TEST_TLS });
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

  it('is finished when the server closes', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    let answer = (): void => {};
    const list = () => {
      entered();
      return new Promise<{ data: never[]; nextCursor: null }>((resolve) => {
        answer = () => resolve({ data: [], nextCursor: null });
      });
    };
    await start({ calls: { list } });
    const idle = await fetch(`http://127.0.0.1:${port}/healthz`);
    await idle.text();
    const asking = fetch(`http://127.0.0.1:${port}/v1/calls`, { headers: { 'x-api-key': KEYS.calls } });
    await inside;
    const closing = api.close();
    answer();
    expect((await asking).status).toBe(200);
    // The client keeps its connection for a next request.
    await api.clock.advance(5_000);
    await closing;
    expect(api.clock.pendingTimers).toBe(0);
  });

  it('is cut when the server closes and it does not come to an end', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const list = () => {
      entered();
      return new Promise<never>(() => {});
    };
    await start({ calls: { list } });
    const endless = fetch(`http://127.0.0.1:${port}/v1/calls`, { headers: { 'x-api-key': KEYS.calls } });
    const cut = expect(endless).rejects.toThrow();
    await inside;
    const stopping = api.close();
    await api.clock.advance(5_000);
    await stopping;
    await cut;
  });
});

describe('gRPC over connections that somebody else has accepted', () => {
  it.each([
    ['plaintext', {}, undefined],
    ['TLS', { tls: TEST_TLS }, grpcJs.credentials.createSsl(Buffer.from(TEST_TLS.cert))],
  ] as const)('is answered over %s, and ends with the server', async (_, options, credentials) => {
    const useCases = createFakeUseCases();
    const grpc = createGrpcUnderTest(useCases, options);
    give = (socket) => grpc.accept(socket);
    const client = clientOf('talk_api.TalkService', port, credentials);
    const order = { assistant: { assistantId: '1' }, toNumber: '1' };
    const outcome = await call(client, 'CreatePhoneCall', order, WITH_KEY);
    expect(outcome).toMatchObject({ response: { success: true } });
    await grpc.close();
    client.close();
  });
});

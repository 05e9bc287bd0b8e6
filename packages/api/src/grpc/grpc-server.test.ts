import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import * as grpcJs from '@grpc/grpc-js';
import { TEST_TLS } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeUseCases } from '../testing/fake-use-cases.js';
import type { GrpcDependencies } from './grpc-server.js';
import {
  any,
  call,
  clientOf,
  createGrpcUnderTest,
  type GrpcUnderTest,
  type Loose,
  WITH_KEY,
} from './testing/grpc-under-test.js';

let grpc: GrpcUnderTest;
let port: number;
const cleanUp: (() => void)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0)) end();
  // Streams that were answered before their end are closed a moment later.
  await grpc.clock.advance(1_000);
  await grpc.close();
});

async function start(
  overrides: Parameters<typeof createFakeUseCases>[0] = {},
  options: Partial<GrpcDependencies> = {},
) {
  const useCases = createFakeUseCases(overrides);
  grpc = createGrpcUnderTest(useCases, options);
  ({ port } = await grpc.listen({ host: 'localhost', port: 0 }));
  return useCases;
}

function client(service = 'talk_api.TalkService', credentials?: grpcJs.ChannelCredentials): Loose {
  const made = clientOf(service, port, credentials);
  cleanUp.push(() => made.close());
  return made;
}

async function openSocket(): Promise<Socket> {
  const socket = connect(port, 'localhost');
  cleanUp.push(() => socket.destroy());
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** Resolves when the other side has ended the connection. */
const ended = (socket: Socket) => new Promise<void>((resolve) => socket.resume().once('close', () => resolve()));

/** Lets real sockets go on until something is true: bounded by the time a test may take. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
}

const ORDER = { assistant: { assistantId: '1' }, toNumber: '1' };

describe('the connection', () => {
  it('is encrypted where a certificate is given', async () => {
    await start({}, { tls: TEST_TLS });
    const trusted = grpcJs.credentials.createSsl(Buffer.from(TEST_TLS.cert));
    const { response } = await call(client('talk_api.TalkService', trusted), 'CreatePhoneCall', ORDER);
    expect(response.success).toBe(true);
    const plain = await call(client(), 'CreatePhoneCall', ORDER);
    expect(plain.failure?.status).toBe('UNAVAILABLE');
  });

  it('is closed when it says nothing for too long', async () => {
    await start({}, { limits: { idleMsMax: 1_000 } });
    const socket = await openSocket();
    await until(() => grpc.clock.pendingTimers === 1);
    const end = ended(socket);
    await grpc.clock.advance(999);
    expect(socket.destroyed).toBe(false);
    await grpc.clock.advance(1);
    await end;
  });

  it('that a call was made on is idle only from the end of that call on', async () => {
    await start({}, { limits: { idleMsMax: 1_000 } });
    const session = connectHttp2(`http://localhost:${port}`);
    cleanUp.push(() => session.destroy());
    const ask = () =>
      new Promise<void>((resolve) => {
        const stream = session.request({ ':method': 'POST', ':path': '/nowhere', 'content-type': 'application/grpc' });
        stream.resume().once('close', resolve).end();
      });
    await ask();
    await grpc.clock.advance(900);
    await ask();
    await grpc.clock.advance(900);
    expect(session.closed).toBe(false);
    const closed = new Promise<void>((resolve) => session.once('close', () => resolve()));
    await grpc.clock.advance(100);
    await closed;
  });

  it('is refused when there are as many as there may be', async () => {
    await start({}, { limits: { connectionsMax: 2 } });
    const sockets = [await openSocket(), await openSocket(), await openSocket()];
    await ended(sockets[2] as Socket);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false, true]);
  });

  it.each([
    ['HTTP/1.1', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['nothing known', '\u0000\u0001\u0002'.repeat(100)],
  ])('that speaks %s is closed, and the others go on', async (_name, bytes) => {
    await start();
    const socket = await openSocket();
    socket.write(bytes);
    await ended(socket);
    expect((await call(client(), 'CreatePhoneCall', ORDER)).response.success).toBe(true);
  });

  it.each([
    ['an authority that is none', { ':authority': 'a b' }],
    ['another method', { ':method': 'GET' }],
    ['another content', { 'content-type': 'text/plain' }],
    ['an endless deadline', { 'grpc-timeout': '99999999H' }],
    ['a deadline that is none', { 'grpc-timeout': 'soon' }],
    ['a compression that nobody knows', { 'grpc-encoding': 'zip' }],
    ['a longer header than is taken', { 'x-long': 'x'.repeat(70_000) }],
    ['more headers than are taken', Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'x']))],
  ])('with %s in a request is answered or cut, and the others go on', async (_name, headers) => {
    await start();
    const session = connectHttp2(`http://localhost:${port}`).on('error', () => {});
    cleanUp.push(() => session.destroy());
    const path = '/talk_api.TalkService/CreatePhoneCall';
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      ...WITH_KEY,
      ...headers,
    });
    stream.on('error', () => {});
    await new Promise((resolve) => stream.resume().once('close', resolve).end());
    expect((await call(client(), 'CreatePhoneCall', ORDER)).response.success).toBe(true);
  });
});

describe('a call', () => {
  it('of an unknown method or service is unimplemented', async () => {
    await start();
    for (const path of ['/talk_api.TalkService/Sing', '/nowhere/Nothing', '/']) {
      const unary = (resolve: (error: grpcJs.ServiceError) => void) =>
        client().makeUnaryRequest(
          path,
          () => Buffer.alloc(0),
          () => null,
          {},
          resolve,
        );
      const error = await new Promise<grpcJs.ServiceError>(unary);
      expect(error.code, path).toBe(grpcJs.status.UNIMPLEMENTED);
      expect(error.metadata.get('x-rapida-error')).toEqual(['not_found']);
    }
  });

  it('may have a message of 4 MiB and no more', async () => {
    const { asked } = await start();
    const sized = (bytes: number) => ({ ...ORDER, args: { text: any('StringValue', { value: 'x'.repeat(bytes) }) } });
    expect((await call(client(), 'CreatePhoneCall', sized(4_194_304 - 200))).response.success).toBe(true);
    const { failure } = await call(client(), 'CreatePhoneCall', sized(4_194_304));
    expect(failure).toMatchObject({ status: 'RESOURCE_EXHAUSTED', code: 'body_too_large' });
    expect(failure?.message).toBe('A message may have at most 4194304 bytes.');
    expect(asked).toHaveLength(1);
  });

  it('may not become larger than that by being unpacked', async () => {
    await start();
    const options = { 'grpc.default_compression_algorithm': grpcJs.compressionAlgorithms.gzip };
    const packed = new (client().constructor)(`localhost:${port}`, grpcJs.credentials.createInsecure(), options);
    cleanUp.push(() => packed.close());
    expect((await call(packed, 'CreatePhoneCall', ORDER)).response.success).toBe(true);
    const text = any('StringValue', { value: 'x'.repeat(10_000_000) });
    const { failure } = await call(packed, 'CreatePhoneCall', { ...ORDER, args: { text } });
    expect(failure).toMatchObject({ status: 'RESOURCE_EXHAUSTED', code: 'body_too_large' });
  });

  it('without a key has next to nothing read, whatever it sends', async () => {
    await start();
    const large = { service: 'x'.repeat(5_000) };
    const { failure } = await call(client('grpc.health.v1.Health'), 'Check', large, {});
    expect(failure).toMatchObject({ status: 'RESOURCE_EXHAUSTED', code: 'body_too_large' });
    const order = { ...ORDER, args: { text: any('StringValue', { value: 'x'.repeat(10_000_000) }) } };
    expect((await call(client(), 'CreatePhoneCall', order, {})).failure).toMatchObject({ code: 'key_missing' });
  });

  it('whose message cannot be read is malformed, and says so', async () => {
    const { asked } = await start();
    const metadata = new grpcJs.Metadata();
    metadata.set('x-api-key', WITH_KEY['x-api-key']);
    const path = '/talk_api.TalkService/CreatePhoneCall';
    const error = await new Promise<grpcJs.ServiceError>((resolve) =>
      client().makeUnaryRequest(
        path,
        () => Buffer.from([255, 255, 255]),
        () => null,
        {},
        metadata,
        resolve,
      ),
    );
    expect(error.code).toBe(grpcJs.status.INVALID_ARGUMENT);
    expect(error.metadata.get('x-rapida-error')).toEqual(['invalid_request']);
    expect(asked).toEqual([]);
  });

  /** A request whose body never ends, with what came of it. */
  function unfinished() {
    const session = connectHttp2(`http://localhost:${port}`);
    cleanUp.push(() => session.destroy());
    const path = '/talk_api.TalkService/CreatePhoneCall';
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      ...WITH_KEY,
    });
    const trailers = new Promise<Loose>((resolve) => {
      stream.once('response', (headers) => 'grpc-status' in headers && resolve(headers));
      stream.once('trailers', resolve);
    });
    const closed = new Promise<void>((resolve) => stream.resume().once('close', () => resolve()));
    stream.on('error', () => {});
    return { stream, trailers, closed };
  }

  it('whose request does not arrive in time is answered and closed', async () => {
    await start({}, { limits: { requestMsMax: 1_000 } });
    const { trailers, closed } = unfinished();
    // The limit of the call, that of its body, and no longer that of asking for the key.
    await until(() => grpc.clock.pendingTimers === 2);
    await grpc.clock.advance(1_000);
    expect(await trailers).toMatchObject({ 'grpc-status': '3', 'x-rapida-error': 'invalid_request' });
    await grpc.clock.advance(1_000);
    await closed;
    expect(grpc.counts).toEqual(['rapida_grpc_requests_total /talk_api.TalkService/CreatePhoneCall InvalidArgument']);
  });

  it('that takes for ever is cut', async () => {
    let asked = 0;
    const place = () => {
      asked++;
      return new Promise<never>(() => {});
    };
    await start({ outbound: { place } }, { limits: { callMsMax: 10_000 } });
    const outcome = call(client(), 'CreatePhoneCall', ORDER);
    await until(() => asked === 1);
    await grpc.clock.advance(10_000);
    expect((await outcome).failure?.status).toBe('CANCELLED');
  });

  it('is counted by method and status, and never by what the client made up', async () => {
    await start();
    await call(client(), 'CreatePhoneCall', ORDER);
    await call(client(), 'CreatePhoneCall', ORDER, {});
    const made = client();
    await new Promise((resolve) =>
      made.makeUnaryRequest(
        '/made/Up',
        () => Buffer.alloc(0),
        () => null,
        {},
        resolve,
      ),
    );
    await until(() => grpc.counts.length === 3);
    expect(grpc.counts).toEqual([
      'rapida_grpc_requests_total /talk_api.TalkService/CreatePhoneCall OK',
      'rapida_grpc_requests_total /talk_api.TalkService/CreatePhoneCall Unauthenticated',
      'rapida_grpc_requests_total unknown Unimplemented',
    ]);
  });
});

describe('closing', () => {
  it('ends connections that say nothing, and may be asked for twice', async () => {
    await start();
    const end = ended(await openSocket());
    await Promise.all([grpc.close(), grpc.close()]);
    await end;
    await grpc.close();
    expect(grpc.clock.pendingTimers).toBe(0);
  });

  it('is possible before listening', async () => {
    grpc = createGrpcUnderTest(createFakeUseCases());
    await grpc.close();
  });

  it('waits for a call in progress, and takes no further one', async () => {
    let finish = () => {};
    const place = () =>
      new Promise<readonly []>((resolve) => {
        finish = () => resolve([]);
      });
    await start({ outbound: { place } });
    const started = finish;
    const outcome = call(client(), 'CreatePhoneCall', ORDER);
    await until(() => finish !== started);
    const closed = grpc.close();
    const late = await call(client(), 'CreatePhoneCall', ORDER);
    expect(late.failure?.status).toBe('UNAVAILABLE');
    finish();
    expect((await outcome).response.success).toBe(true);
    await closed;
  });

  it('cuts a call that does not end in time', async () => {
    let asked = 0;
    const place = () => {
      asked++;
      return new Promise<never>(() => {});
    };
    await start({ outbound: { place } }, { limits: { closeMsMax: 2_000 } });
    const outcome = call(client(), 'CreatePhoneCall', ORDER);
    await until(() => asked === 1);
    const closed = grpc.close();
    await grpc.clock.advance(2_000);
    await closed;
    expect((await outcome).failure?.status).toMatch(/^(UNAVAILABLE|CANCELLED|INTERNAL)$/);
    expect(grpc.clock.pendingTimers).toBe(0);
  });

  it('rejects a port that is taken, and leaves nothing behind', async () => {
    await start();
    const other = createGrpcUnderTest(createFakeUseCases());
    await expect(other.listen({ host: 'localhost', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await other.close();
  });
});

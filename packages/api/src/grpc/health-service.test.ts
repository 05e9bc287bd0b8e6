import type * as grpcJs from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeUseCases } from '../testing/fake-use-cases.js';
import type { GrpcDependencies } from './grpc-server.js';
import {
  call,
  clientOf,
  createGrpcUnderTest,
  failureOf,
  type GrpcUnderTest,
  type Loose,
} from './testing/grpc-under-test.js';

let grpc: GrpcUnderTest;
let client: Loose;
afterEach(async () => {
  client.close();
  // Streams that were answered before their end are closed a moment later.
  await grpc.clock.advance(1_000);
  await grpc.close();
});

/** `health.reason` is why the server is not ready. */
async function start(options: Partial<GrpcDependencies> = {}) {
  const health: { reason: string | undefined } = { reason: undefined };
  grpc = createGrpcUnderTest(createFakeUseCases({ health: { notReady: () => health.reason } }), options);
  const { port } = await grpc.listen({ host: 'localhost', port: 0 });
  client = clientOf('grpc.health.v1.Health', port);
  return health;
}

/** What a watch has told so far, and how it ended. */
function watch(service: string) {
  const told: string[] = [];
  const stream = client.Watch({ service }) as grpcJs.ClientReadableStream<Loose>;
  let heard = () => {};
  stream.on('data', ({ status }) => {
    told.push(status);
    heard();
  });
  const ended = new Promise<Loose>((resolve) => {
    stream.on('error', (error) => resolve(failureOf(error as grpcJs.ServiceError).status));
    stream.on('end', () => resolve('OK'));
  });
  const next = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
    });
  return { told, stream, ended, next };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a health check', () => {
  it.each(['', 'talk_api.TalkService'])('of "%s" tells whether new calls may be sent here', async (service) => {
    const health = await start();
    expect((await call(client, 'Check', { service }, {})).response).toEqual({ status: 'SERVING' });
    health.reason = 'draining';
    expect((await call(client, 'Check', { service }, {})).response).toEqual({ status: 'NOT_SERVING' });
  });

  it('of another service finds none', async () => {
    await start();
    expect((await call(client, 'Check', { service: 'nowhere' }, {})).failure?.status).toBe('NOT_FOUND');
  });
});

describe('a health watch', () => {
  it('tells the state at once, and then every change within a second', async () => {
    const health = await start();
    const { told, next } = watch('');
    await next();
    expect(told).toEqual(['SERVING']);
    await grpc.clock.advance(5_000);
    health.reason = 'draining';
    let change = next();
    await grpc.clock.advance(1_000);
    await change;
    health.reason = undefined;
    change = next();
    await grpc.clock.advance(1_000);
    await change;
    expect(told).toEqual(['SERVING', 'NOT_SERVING', 'SERVING']);
  });

  it('of an unknown service says so and goes on', async () => {
    await start();
    const { told, next, stream } = watch('nowhere');
    await next();
    await grpc.clock.advance(100_000);
    expect(told).toEqual(['SERVICE_UNKNOWN']);
    expect(stream.closed).toBe(false);
  });

  it('outlives the limits of other calls and of idle connections', async () => {
    const health = await start();
    const { told, next } = watch('');
    await next();
    await grpc.clock.advance(3_600_000);
    health.reason = 'draining';
    const change = next();
    await grpc.clock.advance(1_000);
    await change;
    expect(told).toEqual(['SERVING', 'NOT_SERVING']);
  });

  it('ends with its client, and makes room for another one', async () => {
    await start({ limits: { watchersMax: 1 } });
    const first = watch('');
    await first.next();
    expect(await watch('').ended).toBe('UNAVAILABLE');
    const before = grpc.counts.length;
    first.stream.cancel();
    expect(await first.ended).toBe('CANCELLED');
    await until(() => grpc.counts.length > before);
    const second = watch('');
    await second.next();
    expect(second.told).toEqual(['SERVING']);
  });

  it('ends when the server closes, without being cut', async () => {
    await start();
    const { next, ended } = watch('');
    await next();
    await grpc.close();
    expect(await ended).toBe('OK');
    expect(grpc.clock.pendingTimers).toBe(0);
  });
});

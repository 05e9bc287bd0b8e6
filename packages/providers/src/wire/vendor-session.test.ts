import { inspect } from 'node:util';
import { RapidaError } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSockets, startFakeSockets } from './testing/fake-sockets.js';
import { openVendorSession, type VendorSession } from './vendor-session.js';

let fake: FakeSockets;
let clock: VirtualClock;
let session: VendorSession;
let told: unknown[];

beforeEach(async () => {
  fake = await startFakeSockets({ accept: () => {} });
  clock = new VirtualClock();
  told = [];
  session = openVendorSession(
    { clock, url: fake.origin.replace('http', 'ws'), headers: () => ({}) },
    {
      onOpen: () => told.push('open'),
      onMessage: (message) => told.push(message),
      onFailed: ({ code }, closeCode) => told.push([code, closeCode]),
    },
  );
  await toldCount(1);
});

afterEach(async () => {
  session.close();
  await fake.close();
});

const toldCount = (count: number) => fake.until(() => told.length >= count && fake.connections.length === 1);

describe('a session', () => {
  it('speaks JSON both ways, and bytes', async () => {
    session.ready();
    session.send({ type: 'Finalize' });
    session.send('{"type":"KeepAlive"}');
    session.send(new Uint8Array(3));
    fake.connections[0]?.send({ type: 'Results' });
    await toldCount(2);
    await fake.until(() => fake.connections[0]?.soundBytes.length === 1);
    expect(fake.connections[0]?.messages).toEqual([{ type: 'Finalize' }, { type: 'KeepAlive' }]);
    expect(told).toEqual(['open', { type: 'Results' }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(['no json', '[1]', 'null', '"text"', ''])('ends at a message that is no object: %j', async (raw) => {
    fake.connections[0]?.sendRaw(raw);
    fake.connections[0]?.send({ type: 'late' });
    await toldCount(2);
    expect(await fake.connections[0]?.closed).toBe(1000);
    expect(told).toEqual(['open', ['provider_protocol', undefined]]);
    await fake.until(() => clock.pendingTimers === 0);
  });

  it('ends when the vendor does not begin in 5 s', async () => {
    await clock.advance(4_999);
    expect(told).toEqual(['open']);
    await clock.advance(1);
    expect(told).toEqual(['open', ['provider_timeout', undefined]]);
  });

  it('has all the time once it is ready', async () => {
    session.ready();
    await clock.advance(3_600_000);
    expect(told).toEqual(['open']);
  });

  it('fails once, with what it is failed with', async () => {
    session.fail(new RapidaError('provider_rejected'));
    session.fail(new RapidaError('internal'));
    expect(await fake.connections[0]?.closed).toBe(1000);
    expect(told).toEqual(['open', ['provider_rejected', undefined]]);
  });

  it("tells the vendor's close code, and no reason", async () => {
    fake.connections[0]?.close(3009, 'Too many sessions of sk-hidden-key');
    await toldCount(2);
    expect(told).toEqual(['open', ['provider_unavailable', 3009]]);
    expect(inspect(told)).not.toContain('sk-hidden');
    expect(clock.pendingTimers).toBe(0);
  });

  it('says its last word when it is closed, once, and tells nothing more', async () => {
    session.close({ type: 'Terminate' });
    session.close({ type: 'Terminate' });
    expect(await fake.connections[0]?.closed).toBe(1000);
    expect(fake.connections[0]?.messages).toEqual([{ type: 'Terminate' }]);
    await fake.until(() => clock.pendingTimers === 0);
    expect(told).toEqual(['open']);
  });
});

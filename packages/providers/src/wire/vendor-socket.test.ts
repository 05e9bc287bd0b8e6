import { inspect } from 'node:util';
import type { RapidaError } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHttpAnswer, type FakeSockets, startFakeSockets } from './testing/fake-sockets.js';
import { openVendorSocket, type VendorSocket, type VendorSocketOptions } from './vendor-socket.js';

const KEY = 'sk-hidden-key-0123456789';

let fake: FakeSockets;
let clock: VirtualClock;
let refusal: FakeHttpAnswer | undefined;
let socket: VendorSocket | undefined;
/** All that the socket told. */
let told: (string | { readonly code: string; readonly closeCode: number | undefined })[];
let failure: RapidaError | undefined;

beforeEach(async () => {
  refusal = undefined;
  fake = await startFakeSockets({ refuse: () => refusal, accept: () => {} });
  clock = new VirtualClock();
  told = [];
  failure = undefined;
});

afterEach(async () => {
  socket?.close();
  await fake.close();
});

function open(options: Partial<VendorSocketOptions> = {}): VendorSocket {
  const url = `${fake.origin.replace('http', 'ws')}/listen`;
  const headers = () => ({ authorization: `Token ${KEY}` });
  const opened = openVendorSocket(
    { clock, url, headers, ...options },
    {
      onOpen: () => told.push('open'),
      onText: (text) => told.push(text),
      onBytes: (bytes) => told.push(`${bytes.length} bytes`),
      onClosed: (error, closeCode) => {
        failure = error;
        told.push({ code: error.code, closeCode });
      },
    },
  );
  socket = opened;
  return opened;
}

const toldCount = (count: number) => fake.until(() => told.length >= count);

async function openWhole(options: Partial<VendorSocketOptions> = {}): Promise<VendorSocket> {
  const opened = open(options);
  await fake.until(() => opened.isOpen && fake.connections.length === 1);
  return opened;
}

describe('a connection', () => {
  it('carries the headers, and messages both ways in their order', async () => {
    const { send } = await openWhole().then((opened) => ({ send: opened.send.bind(opened) }));
    const connection = fake.connections[0]!;
    expect(connection.headers.authorization).toBe(`Token ${KEY}`);
    expect(connection.headers['sec-websocket-extensions']).toBeUndefined();
    expect([send('{"n":1}'), send(new Uint8Array([1, 2])), send('{"n":2}')]).toEqual([true, true, true]);
    await fake.until(() => connection.messages.length === 2 && connection.soundBytes.length === 1);
    connection.sendRaw('one');
    connection.sendRaw(Buffer.alloc(7));
    connection.sendRaw('two');
    await toldCount(4);
    expect(told).toEqual(['open', 'one', '7 bytes', 'two']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes messages that come one byte at a time', async () => {
    await openWhole();
    fake.fragmentBytes = 1;
    fake.connections[0]?.sendRaw('{"text":"für"}');
    await toldCount(2);
    expect(told).toEqual(['open', '{"text":"für"}']);
  });

  it('has copied the bytes when `send` returns', async () => {
    const opened = await openWhole();
    const bytes = new Uint8Array([7, 7, 7]);
    opened.send(bytes);
    bytes.fill(9);
    await fake.until(() => fake.connections[0]?.soundBytes.length === 1);
    expect([...fake.connections[0]!.sound()]).toEqual([7, 7, 7]);
  });

  it('takes nothing before it is open', () => {
    const opened = open();
    expect([opened.isOpen, opened.send('early')]).toEqual([false, false]);
  });
});

describe('a handshake that fails', () => {
  it.each([
    [401, 'provider_auth'],
    [403, 'provider_auth'],
    [400, 'provider_rejected'],
    [402, 'provider_rejected'],
    [429, 'provider_rate_limited'],
    [500, 'provider_unavailable'],
    [503, 'provider_unavailable'],
  ])('refused with %i is %s, and quotes nothing', async (status, code) => {
    refusal = { status, body: { err_msg: `Invalid key ${KEY}` } };
    open();
    await toldCount(1);
    expect(told).toEqual([{ code, closeCode: undefined }]);
    expect(failure?.message).toContain(String(status));
    expect(inspect(failure, { depth: 9 })).not.toContain(KEY);
    expect(clock.pendingTimers).toBe(0);
  });

  it('follows no redirect with the key', async () => {
    refusal = { status: 302, headers: { location: `${fake.origin}/elsewhere` } };
    open();
    await toldCount(1);
    expect(told).toEqual([{ code: 'provider_protocol', closeCode: undefined }]);
    expect(fake.handshakes.length).toBe(1);
  });

  it('is given up in 5 s exactly', async () => {
    fake.stallUpgrades();
    open();
    await fake.until(() => fake.handshakes.length === 1);
    await clock.advance(4_999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([{ code: 'provider_timeout', closeCode: undefined }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('says of a server that is not there that it is unavailable', async () => {
    await fake.close();
    open();
    await toldCount(1);
    expect(told).toEqual([{ code: 'provider_unavailable', closeCode: undefined }]);
  });

  it.each([
    ['an address that is none', { url: `not an address with ${KEY}` }],
    ['a header that cannot be sent', { headers: () => ({ authorization: `Token ${KEY}\n` }) }],
  ])('tells %s later, without quoting it, and leaves no timer', async (_, options) => {
    const opened = open(options);
    expect(told).toEqual([]);
    expect(opened.send('x')).toBe(false);
    await settle();
    expect(told).toEqual([{ code: 'provider_rejected', closeCode: undefined }]);
    expect(inspect(failure, { depth: 9 })).not.toContain(KEY);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells nothing of an impossible address once it is closed', async () => {
    open({ url: 'not an address' }).close();
    await settle();
    expect(told).toEqual([]);
  });
});

describe('an end by the vendor', () => {
  it.each([
    [1000, 'provider_unavailable'],
    [1008, 'provider_rejected'],
    [1009, 'provider_protocol'],
    [1011, 'provider_unavailable'],
    [4001, 'provider_unavailable'],
  ])('by close code %i is %s, with the code and without the reason', async (closeCode, code) => {
    await openWhole();
    fake.connections[0]?.close(closeCode, `bad ${KEY}`);
    await toldCount(2);
    expect(told).toEqual(['open', { code, closeCode }]);
    expect(inspect(failure, { depth: 9 })).not.toContain(KEY);
    expect([socket?.isOpen, socket?.send('late')]).toEqual([false, false]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('without a goodbye is told as 1006', async () => {
    await openWhole();
    fake.connections[0]?.cut();
    await toldCount(2);
    expect(told).toEqual(['open', { code: 'provider_unavailable', closeCode: 1006 }]);
  });

  it('by a message that is too long is a violation of the protocol, and nothing else is told', async () => {
    await openWhole({ messageBytesMax: 100 });
    fake.connections[0]?.sendRaw('x'.repeat(100));
    fake.connections[0]?.sendRaw('y'.repeat(101));
    fake.connections[0]?.sendRaw('z');
    await toldCount(3);
    await fake.connections[0]?.closed;
    expect(told).toEqual(['open', 'x'.repeat(100), { code: 'provider_protocol', closeCode: undefined }]);
  });
});

describe('limits', () => {
  it('refuses what would make more than the bound unsent, counted in bytes', async () => {
    const opened = await openWhole({ unsentBytesMax: 100 });
    expect(opened.send('ü'.repeat(51))).toBe(false);
    expect(opened.send('ü'.repeat(50))).toBe(true);
  });

  it('takes again when the vendor has read', async () => {
    const opened = await openWhole({ unsentBytesMax: 4_000_000 });
    let taken = 0;
    while (opened.send(new Uint8Array(500_000)) && taken < 1_000) taken++;
    expect(taken).toBeLessThan(1_000);
    await fake.until(() => fake.connections[0]?.soundBytes.length === taken);
    await fake.until(() => opened.send(new Uint8Array(500_000)));
  });
});

describe('closing', () => {
  it('says goodbye, tells nothing of it, and leaves no timer', async () => {
    const opened = await openWhole();
    opened.send('{"last":true}');
    opened.close();
    opened.close();
    fake.connections[0]?.sendRaw('late');
    expect(await fake.connections[0]?.closed).toBe(1000);
    expect(fake.connections[0]?.messages).toEqual([{ last: true }]);
    await fake.until(() => clock.pendingTimers === 0);
    expect(told).toEqual(['open']);
    expect([opened.isOpen, opened.send('late')]).toEqual([false, false]);
  });

  it('while it connects ends the attempt silently, with no timer left', async () => {
    fake.stallUpgrades();
    const opened = open();
    await fake.until(() => fake.handshakes.length === 1);
    opened.close();
    opened.close();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(10_000);
    expect(told).toEqual([]);
  });

  it('in the moment of opening is silent too', async () => {
    open().close();
    await clock.advance(10_000);
    expect([told, clock.pendingTimers]).toEqual([[], 0]);
  });

  it('cuts a vendor that does not answer the goodbye in 2 s', async () => {
    let isCut = false;
    const cut = fake.deafen().then(() => {
      isCut = true;
    });
    const opened = open();
    await fake.until(() => opened.isOpen);
    opened.close();
    await clock.advance(1_999);
    expect([isCut, clock.pendingTimers]).toEqual([false, 1]);
    await clock.advance(1);
    await cut;
    expect([told, clock.pendingTimers]).toEqual([['open'], 0]);
  });

  it('from inside a message lets no further one through', async () => {
    const url = `${fake.origin.replace('http', 'ws')}/`;
    const texts: string[] = [];
    const opened = openVendorSocket(
      { clock, url, headers: () => ({}) },
      {
        onOpen: () => {},
        onText: (text) => {
          texts.push(text);
          opened.close();
        },
        onClosed: () => texts.push('closed'),
      },
    );
    socket = opened;
    await fake.until(() => fake.connections.length === 1 && opened.isOpen);
    for (const text of ['one', 'two', 'three']) fake.connections[0]?.sendRaw(text);
    await fake.connections[0]?.closed;
    expect(texts).toEqual(['one']);
  });
});

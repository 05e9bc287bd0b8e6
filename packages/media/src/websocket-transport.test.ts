import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytesToPcm16, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, pcm16ToBytes, snrDb, tone } from '@rapida/audio';
import {
  type ChanWebSocketClientOptions,
  connectChanWebSocket,
  createMediaUpgrader,
  mediaFormat,
} from '@rapida/chan-websocket';
import type { AudioFrame, MediaTransport } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { afterEach, expect, it } from 'vitest';
import { openWebSocketTransport, type WebSocketStart } from './websocket-transport.js';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** The network is real, time is not: waits for what sockets deliver, without a clock. */
async function arrived(done: () => boolean): Promise<void> {
  for (let turn = 0; !done(); turn++) {
    if (turn > 20_000) throw new Error('never arrived');
    await settle();
  }
}

async function connect(options: Partial<ChanWebSocketClientOptions> = {}) {
  const clock = new VirtualClock(1000);
  const upgrader = createMediaUpgrader({ clock });
  let ready: Promise<WebSocketStart> | undefined;
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    void upgrader.accept(request, socket, head, () => ({
      accept(connection) {
        const opened = openWebSocketTransport(connection, { clock });
        ready = opened.ready;
        return opened.listener;
      },
    }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const heard: Uint8Array[] = [];
  const client = connectChanWebSocket({
    clock,
    url: `ws://127.0.0.1:${port}/`,
    onRtp: (frame) => void heard.push(Uint8Array.from(frame)),
    ...options,
  });
  cleanups.push(async () => {
    client.abort();
    server.close();
    await client.ended;
  });
  await client.opened;
  await arrived(() => ready !== undefined);
  const started = await ready!;
  const transport = (started.ok ? started.transport : undefined) as MediaTransport;
  const frames: AudioFrame[] = [];
  const log: string[] = [];
  const listener = {
    onFrame: (frame: AudioFrame) => void frames.push(frame),
    onDtmf: (digit: string) => void log.push(`dtmf ${digit}`),
    onMark: (id: string) => void log.push(`mark ${id}`),
    onFlow: (flow: string) => void log.push(flow),
  };
  return { clock, client, started, transport, heard, frames, log, listener };
}

const CODECS = new Map([
  ['ulaw', { encode: (samples: Int16Array) => encodeUlaw(samples), decode: (bytes: Uint8Array) => decodeUlaw(bytes) }],
  ['alaw', { encode: (samples: Int16Array) => encodeAlaw(samples), decode: (bytes: Uint8Array) => decodeAlaw(bytes) }],
]);
const LINEAR = {
  encode: (samples: Int16Array) => pcm16ToBytes(samples),
  decode: (bytes: Uint8Array) => bytesToPcm16(bytes),
};

it.each([
  ['ulaw', 30],
  ['alaw', 30],
  ['slin', 60],
  ['slin16', 60],
  ['slin24', 60],
  ['slin48', 60],
])('carries a 1 kHz tone both ways over %s with %d dB', async (format, wantedDb) => {
  const { clock, client, transport, heard, frames, listener } = await connect({ format });
  const { rateHz, frameBytes, silenceByte } = mediaFormat(format)!;
  const codec = CODECS.get(format) ?? LINEAR;
  transport.start(listener);
  expect(transport.wire).toEqual({ format, rateHz });
  expect(transport.silence).toEqual(new Uint8Array(frameBytes).fill(silenceByte));

  const said = codec.encode(tone({ hz: 1000, rateHz, ms: 1000, dbfs: -6 }));
  for (let at = 0; at < said.length; at += frameBytes) client.sendMedia(said.subarray(at, at + frameBytes));
  await arrived(() => frames.length === 50);
  expect(frames.every(({ samples }) => samples.length === 320)).toBe(true);
  const heardHere = Int16Array.from(frames.slice(2).flatMap(({ samples }) => [...samples]));
  expect(snrDb(heardHere, 16_000, 1000)).toBeGreaterThan(wantedDb);

  const answer = tone({ hz: 1000, rateHz: 16_000, ms: 1000, dbfs: -6 });
  for (let at = 0; at < answer.length; at += 1600) {
    expect(transport.send(Buffer.concat(transport.encode(answer.subarray(at, at + 1600))))).toBe(true);
  }
  await arrived(() => client.queue.length === 50);
  await clock.advance(1100);
  const heardThere = codec.decode(Buffer.concat(heard.slice(2)));
  expect(heard).toHaveLength(50);
  expect(snrDb(heardThere, rateHz, 1000)).toBeGreaterThan(wantedDb);
  expect(client.queue.discardedBytes).toBe(0);
  expect(transport.counters()).toMatchObject({ framesIn: 50, framesOut: 50, framesDropped: 0 });
});

it('is silent in mu-law with 0xFF, never with zeros', async () => {
  const { transport } = await connect({ format: 'ulaw' });
  expect(new Set(transport.silence)).toEqual(new Set([0xff]));
  const encoded = transport.encode(new Int16Array(640));
  expect(encoded.map((frame) => [...new Set(frame)])).toEqual([[0xff], [0xff]]);
});

it('hands out what came before start, and passes keys on', async () => {
  const { client, transport, frames, log, listener } = await connect();
  for (let i = 0; i < 3; i++) client.sendMedia(new Uint8Array(160).fill(0xff));
  client.sendDtmf('7');
  await arrived(() => transport.counters().framesIn === 3);
  await settle();
  transport.start(listener);
  await arrived(() => log.length === 1);
  expect(frames).toHaveLength(3);
  expect(log).toEqual(['dtmf 7']);
});

it('tells when a mark is reached, and nothing of marks that were cleared', async () => {
  const { clock, client, transport, log, listener } = await connect();
  transport.start(listener);
  const tenFrames = Buffer.concat(Array(10).fill(transport.silence));
  transport.send(tenFrames);
  expect(transport.mark('first')).toBe(true);
  await arrived(() => client.queue.length === 10);
  await clock.advance(300);
  await arrived(() => log.length === 1);
  transport.send(tenFrames);
  transport.mark('second');
  transport.clear();
  transport.send(transport.silence);
  transport.mark('third');
  await arrived(() => client.queue.length === 1);
  await clock.advance(300);
  await arrived(() => log.length === 2);
  expect(log).toEqual(['mark first', 'mark third']);
  expect(client.queue.framesPlayed).toBe(11);
});

it('does not offer marks where Asterisk cannot answer them', async () => {
  const { transport } = await connect({ behaviour: '22.6' });
  expect(transport.mark('a')).toBe(false);
});

it('passes on that the queue is full, and that it is not', async () => {
  const { clock, client, transport, log, listener } = await connect();
  transport.start(listener);
  transport.send(Buffer.concat(Array(950).fill(transport.silence)));
  await arrived(() => log.length === 1);
  expect(client.queue.length).toBe(950);
  await clock.advance(160 * 20);
  await arrived(() => log.length === 2);
  expect(log).toEqual(['stop', 'go']);
});

it('tells who ended it', async () => {
  const byCaller = await connect();
  byCaller.client.hangup();
  expect(await byCaller.transport.closed).toEqual({ by: 'caller', reason: 'caller_hangup' });
  const byUs = await connect();
  byUs.transport.hangup();
  byUs.transport.hangup();
  expect(await byUs.transport.closed).toEqual({ by: 'assistant', reason: 'hangup' });
  expect((await byUs.client.ended).how).toBe('app_hangup');
  expect(byUs.transport.send(byUs.transport.silence)).toBe(false);
  const lost = await connect();
  lost.client.abort();
  expect(await lost.transport.closed).toEqual({ by: 'fault', reason: 'connection_lost' });
});

it('is never ready for a format that is not spoken here', async () => {
  const { started, client } = await connect({ format: 'slin192' });
  expect(started).toEqual({ ok: false, closed: { by: 'fault', reason: 'format_unsupported' } });
  await client.ended;
});

it('ends only its own call when its listener throws', async () => {
  const { client, transport } = await connect();
  transport.start({
    onFrame() {
      throw new Error('broken');
    },
    onDtmf() {},
  });
  client.sendMedia(new Uint8Array(160));
  expect(await transport.closed).toEqual({ by: 'fault', reason: 'listener_failed' });
});

import { bytesToPcm16, pcm16ToBytes, snrDb, tone } from '@rapida/audio';
import {
  type AudioSocketClient,
  type AudioSocketConnection,
  connectAudioSocket,
  createAudioSocketServer,
} from '@rapida/audiosocket';
import type { AudioFrame, MediaTransport } from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { afterEach, expect, it } from 'vitest';
import { createAudioSocketTransport } from './audiosocket-transport.js';

const CONTEXT_ID = '3f2b8c1e-0d4a-4f6b-9c57-2a1e8d7b6c50';
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

async function connect() {
  const clock = new VirtualClock(1000);
  let connection: AudioSocketConnection | undefined;
  let transport: MediaTransport | undefined;
  const server = createAudioSocketServer({
    clock,
    onConnection: (opened) => {
      connection = opened;
      transport = createAudioSocketTransport(opened, { clock });
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const played: { samples: Int16Array; rateHz: number }[] = [];
  const client: AudioSocketClient = await connectAudioSocket({
    clock,
    host: '127.0.0.1',
    port,
    uuid: CONTEXT_ID,
    behaviour: 'new',
    onAudio: (bytes, rateHz) => void played.push({ samples: bytesToPcm16(bytes), rateHz }),
  });
  cleanups.push(async () => {
    client.abort();
    await server.close({ connections: 'destroy' });
  });
  await arrived(() => transport !== undefined);
  const frames: AudioFrame[] = [];
  const digits: string[] = [];
  const listener = {
    onFrame: (frame: AudioFrame) => void frames.push(frame),
    onDtmf: (digit: string) => void digits.push(digit),
  };
  return { clock, client, connection: connection!, transport: transport!, played, frames, digits, listener };
}

const joined = (parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));

it.each([
  [8000, 160],
  [16_000, 320],
  [24_000, 480],
  [44_100, 882],
  [48_000, 960],
])('carries a 1 kHz tone of the caller at %d Hz with 60 dB, and one to the caller', async (rateHz, chunk) => {
  const { client, transport, frames, listener, played } = await connect();
  transport.start(listener);
  const said = tone({ hz: 1000, rateHz, ms: 1000, dbfs: -6 });
  for (let at = 0; at < said.length; at += chunk) client.sendAudio(pcm16ToBytes(said.subarray(at, at + chunk)), rateHz);
  await arrived(() => frames.length === 50);
  expect(frames.every(({ samples }) => samples.length === 320)).toBe(true);
  const heard = joined(frames.slice(2).map(({ samples }) => samples));
  expect(snrDb(heard, 16_000, 1000)).toBeGreaterThan(60);

  expect(transport.wire.rateHz).toBe(rateHz);
  const answer = tone({ hz: 1000, rateHz: 16_000, ms: 1000, dbfs: -6 });
  for (let at = 0; at < answer.length; at += 960) {
    for (const frame of transport.encode(answer.subarray(at, at + 960))) expect(transport.send(frame)).toBe(true);
  }
  await arrived(() => played.length === 50);
  expect(played.every((part) => part.rateHz === rateHz && part.samples.length === chunk)).toBe(true);
  expect(snrDb(joined(played.slice(2).map(({ samples }) => samples)), rateHz, 1000)).toBeGreaterThan(60);
  expect(client.received.notTwentyMs).toBe(0);
});

it('speaks 8 kHz until it has heard the caller, and then the kind of the first frame', async () => {
  const { client, transport, frames, listener, played } = await connect();
  transport.start(listener);
  expect(transport.wire).toMatchObject({ format: 'slin', rateHz: 8000 });
  expect(transport.silence.length).toBe(323);
  transport.send(transport.silence);
  await arrived(() => played.length === 1);
  client.sendAudio(new Uint8Array(640), 16_000);
  client.sendAudio(new Uint8Array(320), 8000);
  await arrived(() => frames.length === 2);
  expect(transport.wire).toMatchObject({ format: 'slin16', rateHz: 16_000 });
  transport.send(transport.silence);
  for (const frame of transport.encode(new Int16Array(320).fill(77))) transport.send(frame);
  await arrived(() => played.length === 3);
  expect(played.map(({ rateHz, samples }) => [rateHz, samples[0]])).toEqual([
    [8000, 0],
    [16_000, 0],
    [16_000, 77],
  ]);
});

it('hands out the frames that came before start', async () => {
  const { client, connection, transport, frames, listener } = await connect();
  for (let i = 0; i < 3; i++) client.sendAudio(new Uint8Array(320));
  await arrived(() => connection.counters.framesIn === 4);
  transport.start(listener);
  expect(frames).toHaveLength(3);
});

it('passes keys on', async () => {
  const { client, transport, digits, listener } = await connect();
  transport.start(listener);
  client.sendDtmf('5');
  client.sendDtmf('d');
  await arrived(() => digits.length === 2);
  expect(digits).toEqual(['5', 'D']);
});

it('tells a hangup of the caller from one of ours', async () => {
  const byCaller = await connect();
  byCaller.client.hangup();
  expect(await byCaller.transport.closed).toEqual({ by: 'caller', reason: 'caller_hangup' });
  const byUs = await connect();
  byUs.transport.hangup();
  byUs.transport.hangup();
  expect((await byUs.client.ended).how).toBe('server_hangup');
  expect(await byUs.transport.closed).toEqual({ by: 'assistant', reason: 'hangup' });
  expect(byUs.transport.send(byUs.transport.silence)).toBe(false);
});

it('calls everything else a fault, with its reason', async () => {
  const { connection, transport } = await connect();
  connection.destroy('test');
  expect(await transport.closed).toEqual({ by: 'fault', reason: 'destroyed' });
});

it('ends only its own call when its listener throws', async () => {
  const { client, transport } = await connect();
  const other = await connect();
  other.transport.start(other.listener);
  transport.start({
    onFrame() {
      throw new Error('broken');
    },
    onDtmf() {},
  });
  client.sendAudio(new Uint8Array(320));
  expect(await transport.closed).toEqual({ by: 'fault', reason: 'listener_failed' });
  other.client.sendAudio(new Uint8Array(320));
  await arrived(() => other.frames.length === 1);
});

it('has nothing to clear and nothing to mark', async () => {
  const { transport } = await connect();
  transport.clear();
  expect(transport.mark('a')).toBe(false);
});

it('counts frames both ways and what it ignored', async () => {
  const { client, transport, frames, listener } = await connect();
  transport.start(listener);
  client.sendAudio(new Uint8Array(321));
  await arrived(() => frames.length === 1);
  transport.send(transport.silence);
  expect(transport.counters()).toEqual({
    framesIn: 1,
    framesOut: 1,
    framesDropped: 0,
    badInput: { unknown_kind: 0, ignored_frame: 0, odd_length: 1, before_start: 0 },
  });
});

it('takes frames so large that they hold seconds', async () => {
  const { client, transport, frames, listener } = await connect();
  transport.start(listener);
  client.sendAudio(new Uint8Array(64_000));
  await arrived(() => frames.length === 200);
  expect(frames.at(-1)!.atMs - frames[0]!.atMs).toBe(199 * 20);
});

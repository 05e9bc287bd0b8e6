import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { AsteriskBehaviour } from './behaviour.js';
import { type AudioSocketClient, type AudioSocketClientOptions, connectAudioSocket } from './client.js';
import { encodeAudio, encodeFrame, encodeHangup } from './encoder.js';
import { Arrivals, LOOPBACK, type Loopback, listenOnLoopback, rawPeer } from './testing/loopback.js';
import { ManualClock } from './testing/manual-clock.js';

const UUID = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const PCM = new Uint8Array(320);
const FRAME = encodeAudio(8000, PCM);
const EMPTY = new Uint8Array(0);

interface RawCall {
  client: AudioSocketClient;
  /** The server's socket, written by hand; everything the client sent. */
  socket: Socket;
  sent: () => Promise<number[]>;
  clock: ManualClock;
  heard: Arrivals<[bytes: number, rateHz: number]>;
  spinning: Promise<void>;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A call to a server that only does what the test writes, since a proper one cannot misbehave. */
async function rawCall(behaviour: AsteriskBehaviour, more: Partial<AudioSocketClientOptions> = {}): Promise<RawCall> {
  const sockets = new Arrivals<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => sockets.add(socket));
  const port = await new Promise<number>((resolve) => {
    server.listen(0, LOOPBACK, () => resolve((server.address() as { port: number }).port));
  });
  const clock = new ManualClock();
  const heard = new Arrivals<[number, number]>();
  const onAudio = (pcm: Uint8Array, rateHz: number) => heard.add([pcm.byteLength, rateHz]);
  let onSpinning: () => void = () => {};
  const spinning = new Promise<void>((resolve) => {
    onSpinning = resolve;
  });
  const address = { host: LOOPBACK, port, uuid: UUID };
  const client = await connectAudioSocket({ clock, ...address, behaviour, onAudio, onSpinning, ...more });
  const socket = await sockets.next();
  const chunks: Uint8Array[] = [];
  socket.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const over = new Promise<number[]>((resolve) => {
    socket.once('end', () => resolve([...Buffer.concat(chunks)]));
    socket.once('error', () => resolve([...Buffer.concat(chunks)]));
  });
  cleanups.push(() => {
    client.abort();
    socket.destroy();
    server.close();
  });
  return { client, socket, sent: () => over, clock, heard, spinning };
}

const UUID_FRAME = [
  1, 0, 16, 0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
];

describe.each(['new', 'old'] as const)('client, as %s Asterisk', (behaviour) => {
  it('sends the UUID at once, then audio, and only a FIN when the caller hangs up', async () => {
    const { client, sent } = await rawCall(behaviour);
    expect(client.state).toBe('open');
    expect(client.sendAudio(PCM)).toBe(true);
    client.hangup();
    client.hangup();
    expect(await client.ended).toMatchObject({ how: 'caller_hangup', tryStatus: 'FAILED', dialplanGoesOn: false });
    expect(await sent()).toEqual([...UUID_FRAME, ...FRAME]);
    expect(client.sendAudio(PCM)).toBe(false);
  });

  it('plays audio of 8 kHz and notes what the phone would get', async () => {
    const { client, socket, heard, clock } = await rawCall(behaviour);
    clock.advance(100);
    socket.write(
      Buffer.concat([FRAME, encodeAudio(8000, new Uint8Array(960)), encodeAudio(8000, new Uint8Array(321))]),
    );
    expect(await heard.take(3)).toEqual([
      [320, 8000],
      [960, 8000],
      [321, 8000],
    ]);
    expect(client.received.frames).toEqual([
      { atMs: 100, kind: 0x10, payloadBytes: 320, rtpMs: 20 },
      { atMs: 100, kind: 0x10, payloadBytes: 960, rtpMs: 60 },
      { atMs: 100, kind: 0x10, payloadBytes: 321, rtpMs: 20 },
    ]);
    expect(client.received).toMatchObject({ framesIn: 3, audioFrames: 3, bytesIn: 1601, notTwentyMs: 2, warnings: 0 });
  });

  it('ends on a reset', async () => {
    const { client, socket } = await rawCall(behaviour);
    socket.resetAndDestroy();
    expect(await client.ended).toMatchObject({ how: 'reset', tryStatus: 'FAILED', dialplanGoesOn: false });
  });

  it('can be aborted, twice', async () => {
    const { client, sent } = await rawCall(behaviour);
    client.abort();
    client.abort();
    expect(await client.ended).toMatchObject({ how: 'aborted', tryStatus: 'FAILED' });
    await sent();
  });

  it('gives up when the server does not read', async () => {
    const { client, socket } = await rawCall(behaviour);
    socket.pause();
    while (client.sendAudio(new Uint8Array(60_000)));
    expect(client.state).toBe('ended');
    socket.destroy();
    expect(await client.ended).toMatchObject({ how: 'write_failed', tryStatus: 'FAILED' });
  });

  it('keeps no more frames than it was told, and counts them all', async () => {
    const { client, socket, heard } = await rawCall(behaviour, { recordedFramesMax: 2 });
    socket.write(Buffer.concat([FRAME, FRAME, FRAME]));
    await heard.take(3);
    expect([client.received.frames.length, client.received.framesIn]).toEqual([2, 3]);
  });
});

describe('client, as new Asterisk', () => {
  it('goes on in the dialplan after a 0x00', async () => {
    const { client, socket } = await rawCall('new');
    socket.write(encodeHangup());
    expect(await client.ended).toMatchObject({ how: 'server_hangup', tryStatus: 'SUCCESS', dialplanGoesOn: true });
  });

  it('goes on in the dialplan after a FIN', async () => {
    const { client, socket } = await rawCall('new');
    socket.end();
    expect(await client.ended).toMatchObject({ how: 'server_closed', tryStatus: 'SUCCESS', dialplanGoesOn: true });
  });

  it.each([
    ['a UUID', encodeFrame(1, new Uint8Array(16))],
    ['silence', encodeFrame(2, EMPTY)],
    ['DTMF', encodeFrame(3, Uint8Array.of(0x35))],
    ['an error', encodeFrame(0xff, Uint8Array.of(1))],
    ['a kind nobody knows', encodeFrame(0x7e, EMPTY)],
    ['empty audio', encodeFrame(0x10, EMPTY)],
  ])('drops the call on %s from the server', async (_, frame) => {
    const { client, socket } = await rawCall('new');
    socket.write(frame);
    expect(await client.ended).toMatchObject({ how: 'fatal_frame', tryStatus: 'FAILED', dialplanGoesOn: false });
  });

  it('plays wideband audio', async () => {
    const { socket, heard, client } = await rawCall('new');
    socket.write(encodeAudio(16000, new Uint8Array(640)));
    expect(await heard.next()).toEqual([640, 16000]);
    expect(client.received).toMatchObject({ notTwentyMs: 0, warnings: 0 });
  });

  it('sends keys', async () => {
    const { client, sent } = await rawCall('new');
    expect(client.sendDtmf('7')).toBe(true);
    client.hangup();
    expect((await sent()).slice(19)).toEqual([3, 0, 1, 0x37]);
  });

  it('sends the audio of a wideband channel with its own kind', async () => {
    const { client, sent } = await rawCall('new');
    client.sendAudio(new Uint8Array(640), 16000);
    client.hangup();
    expect((await sent()).slice(19, 22)).toEqual([0x12, 0x02, 0x80]);
  });

  it('drops the call after 2 s without activity, in either direction', async () => {
    const { client, clock, socket, heard } = await rawCall('new');
    clock.advance(1900);
    client.sendAudio(PCM);
    clock.advance(1900);
    socket.write(FRAME);
    await heard.next();
    clock.advance(1999);
    expect(client.state).toBe('open');
    clock.advance(1);
    expect(await client.ended).toMatchObject({ how: 'timeout', tryStatus: 'FAILED', dialplanGoesOn: false });
  });

  it('waits 5 ms for the rest of a payload', async () => {
    const { client, clock, socket, heard } = await rawCall('new');
    socket.write(FRAME.subarray(0, 100));
    await clock.timersSet(2); // idle, split
    clock.advance(4);
    socket.write(FRAME.subarray(100));
    await heard.next();
    expect(clock.pendingTimers).toBe(1);
    socket.write(FRAME.subarray(0, 3));
    await clock.timersSet(2);
    clock.advance(5);
    expect(await client.ended).toMatchObject({ how: 'split_frame', tryStatus: 'FAILED' });
  });

  it('waits without end for the rest of a header, and does not notice the caller meanwhile', async () => {
    const { client, clock, socket, spinning } = await rawCall('new');
    socket.write(FRAME.subarray(0, 2));
    await spinning;
    clock.advance(60_000);
    client.hangup();
    expect(client.state).toBe('spinning');
    socket.write(FRAME.subarray(2));
    expect(await client.ended).toMatchObject({ how: 'caller_hangup' });
  });
});

describe('client, as old Asterisk', () => {
  it('stops the dialplan after a 0x00, of which one byte is enough', async () => {
    const { client, socket } = await rawCall('old');
    socket.write(Buffer.concat([FRAME, Uint8Array.of(0)]));
    expect(await client.ended).toMatchObject({ how: 'server_hangup', tryStatus: 'FAILED', dialplanGoesOn: false });
  });

  it('does not notice a FIN: it spins until the caller hangs up', async () => {
    const { client, socket, spinning } = await rawCall('old');
    socket.end();
    await spinning;
    expect(client.state).toBe('spinning');
    const elsewhere = await listenOnLoopback(); // a round trip, in which a FIN of the client would arrive
    const peer = await rawPeer(elsewhere.port);
    peer.end();
    await elsewhere.refused.next();
    await elsewhere.server.close();
    expect(socket.readableEnded).toBe(false);
    expect(client.sendAudio(PCM)).toBe(false);
    client.hangup();
    expect(await client.ended).toMatchObject({ how: 'caller_hangup' });
  });

  it('ignores what it does not know, with a warning each', async () => {
    const { client, socket, heard } = await rawCall('old');
    const odd = [1, 2, 3, 0xff, 0x7e, 0x12].map((kind) => encodeFrame(kind, Uint8Array.of(1, 2)));
    socket.write(Buffer.concat([...odd, encodeFrame(0x10, EMPTY), FRAME]));
    expect(await heard.next()).toEqual([320, 8000]);
    expect(client.received).toMatchObject({ framesIn: 8, warnings: 7 });
  });

  it('does not send keys', async () => {
    const { client, sent } = await rawCall('old');
    expect(client.sendDtmf('7')).toBe(false);
    client.hangup();
    expect(await sent()).toEqual(UUID_FRAME);
  });

  it('has no time limit', async () => {
    const { client, clock } = await rawCall('old');
    clock.advance(3_600_000);
    expect([client.state, clock.pendingTimers]).toEqual(['open', 0]);
  });

  it.each([
    ['header', 2],
    ['payload', 100],
  ])('drops the call when a frame is split in its %s', async (_, bytes) => {
    const { client, clock, socket } = await rawCall('old');
    socket.write(FRAME.subarray(0, bytes));
    await clock.timersSet(1);
    clock.advance(1);
    expect(await client.ended).toMatchObject({ how: 'split_frame', tryStatus: 'FAILED' });
  });
});

describe('client: connecting', () => {
  it('does not connect at all for text that is no UUID', async () => {
    const loopback = await listenOnLoopback();
    const { clock, port } = loopback;
    const client = await connectAudioSocket({ clock, host: LOOPBACK, port, uuid: 'call-1', behaviour: 'new' });
    expect(await client.ended).toMatchObject({ how: 'bad_uuid', tryStatus: 'FAILED', dialplanGoesOn: false });
    expect([client.state, client.sendAudio(PCM), loopback.server.connectionCount()]).toEqual(['ended', false, 0]);
    await loopback.server.close();
  });

  it('has ended when nobody listens', async () => {
    const { clock, port, server } = await listenOnLoopback();
    await server.close();
    const client = await connectAudioSocket({ clock, host: LOOPBACK, port, uuid: UUID, behaviour: 'new' });
    expect(await client.ended).toMatchObject({ how: 'connect_failed', tryStatus: 'FAILED' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up after 2 s', async () => {
    const { clock, port, server } = await listenOnLoopback();
    const connecting = connectAudioSocket({ clock, host: LOOPBACK, port, uuid: UUID, behaviour: 'new' });
    clock.advance(2000); // before the event loop could connect it
    expect(await (await connecting).ended).toMatchObject({ how: 'connect_timeout', tryStatus: 'FAILED' });
    await server.close();
  });
});

describe.each(['new', 'old'] as const)('our server with %s Asterisk', (behaviour) => {
  async function call(): Promise<Loopback & { client: AudioSocketClient }> {
    const loopback = await listenOnLoopback();
    const { clock, port } = loopback;
    return { ...loopback, client: await connectAudioSocket({ clock, host: LOOPBACK, port, uuid: UUID, behaviour }) };
  }

  it.each(['hangup', 'destroy'] as const)('never leaves it waiting after %s', async (act) => {
    const { client, connections, server } = await call();
    const connection = await connections.next();
    connection[act]();
    expect((await client.ended).how).toBe('server_hangup');
    await connection.closed;
    await server.close();
  });

  it('takes its FIN for the caller hanging up', async () => {
    const { client, connections, server } = await call();
    const connection = await connections.next();
    client.hangup();
    expect((await connection.closed).reason).toBe('peer_fin');
    await server.close();
  });
});

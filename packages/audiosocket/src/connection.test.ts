import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AudioSocketConnection, type AudioSocketListener } from './connection.js';
import { encodeAudio, encodeFrame, encodeUuid } from './encoder.js';
import { type ConnectionLimits, DEFAULT_LIMITS } from './limits.js';
import { duplexPair } from './testing/duplex-pair.js';
import { ManualClock } from './testing/manual-clock.js';

const UUID = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const FRAME = encodeAudio(8000, new Uint8Array(320));

function start(limits: Partial<ConnectionLimits> = {}) {
  const clock = new ManualClock();
  const [near, peer] = duplexPair();
  const sent: Uint8Array[] = [];
  peer.on('data', (chunk: Uint8Array) => sent.push(chunk));
  let opened: () => void = () => {};
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const connection = new AudioSocketConnection(near, {
    clock,
    limits: { ...DEFAULT_LIMITS, ...limits },
    onOpen: () => opened(),
  });
  return { clock, near, peer, connection, open, sentBytes: () => [...Buffer.concat(sent)] };
}

async function startOpen(limits: Partial<ConnectionLimits> = {}) {
  const world = start(limits);
  world.peer.write(encodeUuid(UUID));
  await world.open;
  return world;
}

const DEAF: AudioSocketListener = { onAudio: () => {} };

describe('connection: identification', () => {
  it('goes from waiting to open to closed', async () => {
    const { connection, peer, open } = start();
    expect([connection.state, connection.contextId]).toEqual(['waiting_for_uuid', '']);
    peer.write(encodeUuid(UUID));
    await open;
    expect([connection.state, connection.contextId]).toEqual(['open', UUID]);
    peer.end();
    await connection.closed;
    expect(connection.state).toBe('closed');
  });

  it('gives up on a peer that says nothing after firstFrameMs, and not before', async () => {
    const { clock, connection } = start();
    clock.advance(4999);
    expect(connection.state).toBe('waiting_for_uuid');
    clock.advance(1);
    expect(await connection.closed).toEqual({
      reason: 'first_frame_timeout',
      detail: '',
      truncatedBytes: 0,
      durationMs: 5000,
    });
  });

  it('does not let a trickle of bytes extend the time for the first frame', async () => {
    const { clock, connection, peer, near } = start();
    for (const byte of [1, 0, 16, 9]) {
      peer.write(Uint8Array.of(byte));
      await once(near, 'data');
      clock.advance(1300);
    }
    expect(await connection.closed).toMatchObject({ reason: 'first_frame_timeout', truncatedBytes: 4 });
  });

  it('has no time limit left once the call is named', async () => {
    const { clock, connection } = await startOpen();
    expect(clock.pendingTimers).toBe(0);
    connection.destroy();
    await connection.closed;
  });

  it('does not write before the call is named', () => {
    const { connection } = start();
    expect(connection.write(FRAME)).toBe(false);
    connection.destroy();
  });
});

describe('connection: the socket', () => {
  it('is told not to wait for more before it sends a frame', () => {
    const [near] = duplexPair();
    const told: boolean[] = [];
    Object.assign(near, { setNoDelay: (noDelay: boolean) => told.push(noDelay) });
    const options = { clock: new ManualClock(), limits: DEFAULT_LIMITS, onOpen: () => {} };
    new AudioSocketConnection(near, options).destroy();
    expect(told).toEqual([true]);
  });
});

describe('connection: the owner', () => {
  it('counts and forgets what arrives before there is a listener', async () => {
    const { connection, peer } = await startOpen();
    peer.write(FRAME);
    peer.end(encodeFrame(3, Uint8Array.of(0x35)));
    expect((await connection.closed).reason).toBe('peer_fin');
    expect(connection.counters).toMatchObject({ framesIn: 3, ignored: 2 });
  });

  it('takes one listener', async () => {
    const { connection } = await startOpen();
    connection.setListener(DEAF);
    expect(() => connection.setListener(DEAF)).toThrow('listener');
    connection.destroy();
  });

  it('ends only itself when the listener throws', async () => {
    const { connection, peer } = await startOpen();
    connection.setListener({
      onAudio: () => {
        throw new Error('a mistake');
      },
    });
    peer.write(FRAME);
    expect(await connection.closed).toMatchObject({ reason: 'listener_failed', detail: 'a mistake' });
  });

  it('tells nothing more after it was destroyed from inside a callback', async () => {
    const { connection, peer } = await startOpen();
    let heard = 0;
    connection.setListener({
      onAudio: () => {
        heard++;
        connection.destroy('enough');
      },
      onHangup: () => expect.unreachable(),
    });
    peer.write(Buffer.concat([FRAME, FRAME, encodeFrame(0, new Uint8Array(0))]));
    expect(await connection.closed).toMatchObject({ reason: 'destroyed', detail: 'enough' });
    expect(heard).toBe(1);
  });
});

describe('connection: a peer that does not read', () => {
  it('drops and counts frames above queuedBytesMax', async () => {
    const { connection, peer } = await startOpen({ queuedBytesMax: 1000 });
    peer.hold();
    const written = Array.from({ length: 10 }, () => connection.write(FRAME));
    expect(written).toEqual([true, true, true, ...Array(7).fill(false)]); // 3 frames of 323 bytes fit into 1000
    expect(connection.counters).toMatchObject({ framesOut: 3, bytesOut: 969, droppedOut: 7 });
    connection.destroy();
  });

  it('is cut off after stalledMsMax without a pause in the stall', async () => {
    const { clock, connection, peer } = await startOpen({ queuedBytesMax: 1000 });
    peer.hold();
    while (connection.write(FRAME));
    clock.advance(9999);
    expect(connection.state).toBe('open');
    clock.advance(1);
    expect(await connection.closed).toMatchObject({ reason: 'peer_not_reading', durationMs: 10_000 });
  });

  it('is reset, since a 0x00 would wait behind what it does not read', async () => {
    const { connection, peer, near } = await startOpen({ queuedBytesMax: 1000 });
    let resets = 0;
    Object.assign(near, {
      resetAndDestroy: () => {
        resets++;
        near.destroy();
      },
    });
    peer.hold();
    connection.write(FRAME);
    connection.destroy();
    await connection.closed;
    expect(resets).toBe(1);
  });

  it('is forgiven when it reads again in time, even if nothing is written then', async () => {
    const { clock, connection, peer, near } = await startOpen({ queuedBytesMax: 1000 });
    peer.hold();
    expect([connection.write(new Uint8Array(900)), connection.write(FRAME)]).toEqual([true, false]);
    clock.advance(9000);
    peer.release();
    expect(near.writableLength).toBe(0);
    clock.advance(60_000);
    expect(connection.state).toBe('open');
    connection.destroy();
  });

  it('starts its time anew when a frame went through in between', async () => {
    const { clock, connection, peer } = await startOpen({ queuedBytesMax: 1000 });
    for (let turn = 0; turn < 3; turn++) {
      peer.hold();
      expect([connection.write(new Uint8Array(900)), connection.write(FRAME)]).toEqual([true, false]);
      clock.advance(9000);
      expect(connection.state).toBe('open');
      peer.release();
    }
    connection.destroy();
  });
});

describe('connection: ending', () => {
  it('hangs up with three zero bytes, then closes, and waits for the peer', async () => {
    const { clock, connection, peer, sentBytes } = await startOpen();
    connection.setListener({ ...DEAF, onHangup: () => expect.unreachable() });
    connection.hangup();
    expect(connection.state).toBe('closing');
    await once(peer, 'end');
    expect(sentBytes()).toEqual([0, 0, 0]);
    expect(connection.write(FRAME)).toBe(false);
    peer.end();
    expect(await connection.closed).toMatchObject({ reason: 'hangup', truncatedBytes: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('cuts off a peer that does not close after a hangup, but not before hangupMs', async () => {
    const { clock, connection, near } = await startOpen();
    connection.hangup();
    clock.advance(499);
    expect(near.destroyed).toBe(false);
    clock.advance(1);
    expect(near.destroyed).toBe(true);
    expect((await connection.closed).reason).toBe('hangup');
  });

  it('reads and forgets what a peer still sends after a hangup', async () => {
    const { connection, peer } = await startOpen();
    connection.setListener({ onAudio: () => expect.unreachable() });
    connection.hangup();
    peer.end(FRAME);
    expect((await connection.closed).reason).toBe('hangup');
  });

  it('may be ended any number of times, and keeps the first reason', async () => {
    const { clock, connection, near } = await startOpen();
    connection.hangup();
    connection.hangup();
    expect(near.destroyed).toBe(false);
    connection.destroy('later');
    connection.destroy('much later');
    connection.hangup();
    expect(await connection.closed).toMatchObject({ reason: 'hangup', detail: '' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('says hangup even when destroyed, since an old Asterisk does not notice a bare close', async () => {
    const { connection, peer, sentBytes } = await startOpen();
    connection.destroy('shutting down');
    await once(peer, 'end');
    expect(sentBytes()).toEqual([0, 0, 0]);
    expect(await connection.closed).toMatchObject({ reason: 'destroyed', detail: 'shutting down' });
  });

  it.each([
    ['ECONNRESET', 'peer_reset'],
    ['ETIMEDOUT', 'socket_error'],
    ['EPIPE', 'peer_fin'], // written after a FIN that was not read yet
  ])('ends with a reason when the socket fails with %s', async (code, reason) => {
    const { connection, near } = await startOpen();
    near.destroy(Object.assign(new Error('the socket'), { code }));
    expect(await connection.closed).toMatchObject({ reason, detail: code });
  });

  it('tells the listener of a FIN that only showed as a failed write', async () => {
    const { connection, near } = await startOpen();
    const told: string[] = [];
    connection.setListener({ ...DEAF, onHangup: (how) => told.push(how) });
    near.destroy(Object.assign(new Error('the socket'), { code: 'EPIPE' }));
    await connection.closed;
    expect(told).toEqual(['fin']);
  });

  it('ends when somebody else destroys the stream', async () => {
    const { connection, near } = start();
    near.destroy();
    expect(await connection.closed).toMatchObject({ reason: 'socket_error', detail: 'closed' });
  });
});

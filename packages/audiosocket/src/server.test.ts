import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeAudio, encodeUuid } from './encoder.js';
import { createAudioSocketServer } from './server.js';
import { LOOPBACK, type Loopback, listenOnLoopback, rawPeer, readToEnd } from './testing/loopback.js';
import { ManualClock } from './testing/manual-clock.js';

const UUID = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const FRAME = encodeAudio(8000, new Uint8Array(320));

let loopback: Loopback;
afterEach(async () => {
  await loopback.server.close({ connections: 'destroy' });
  expect(loopback.server.connectionCount()).toBe(0);
  expect(loopback.clock.pendingTimers).toBe(0);
});

async function namedPeer() {
  const peer = await rawPeer(loopback.port);
  peer.write(encodeUuid(UUID));
  return { peer, connection: await loopback.connections.next() };
}

describe('server', () => {
  it('hands over a connection that names its call, and audio goes both ways', async () => {
    loopback = await listenOnLoopback();
    const { peer, connection } = await namedPeer();
    expect([connection.contextId, connection.remoteAddress]).toEqual([UUID, LOOPBACK]);
    const heard = new Promise<number[]>((resolve) => {
      connection.setListener({ onAudio: (pcm, rateHz) => resolve([pcm.byteLength, rateHz]) });
    });
    peer.write(FRAME);
    expect(await heard).toEqual([320, 8000]);
    connection.write(FRAME);
    const [chunk] = (await once(peer, 'data')) as [Uint8Array];
    expect([...chunk]).toEqual([...FRAME]);
    peer.end();
    expect((await connection.closed).reason).toBe('peer_fin');
  });

  it('takes a connect and close without a byte for what it is', async () => {
    loopback = await listenOnLoopback();
    const peer = await rawPeer(loopback.port);
    peer.end();
    expect(await loopback.refused.next()).toEqual({ reason: 'no_frame', detail: '', remoteAddress: LOOPBACK });
  });

  it('closes both halves when the caller hangs up, also with half a frame', async () => {
    loopback = await listenOnLoopback();
    const { peer, connection } = await namedPeer();
    const peerEnd = readToEnd(peer);
    peer.end(FRAME.subarray(0, 100));
    expect(await connection.closed).toMatchObject({ reason: 'peer_fin', truncatedBytes: 100 });
    expect(await peerEnd).toEqual({ bytes: [], how: 'end' });
  });

  it('gives a reset connection a reason', async () => {
    loopback = await listenOnLoopback();
    const { peer, connection } = await namedPeer();
    peer.resetAndDestroy();
    expect((await connection.closed).reason).toBe('peer_reset');
  });

  it('refuses a call with 0x00, so that every Asterisk goes on', async () => {
    loopback = await listenOnLoopback();
    const { peer, connection } = await namedPeer();
    const peerEnd = readToEnd(peer);
    connection.hangup();
    expect(await peerEnd).toEqual({ bytes: [0, 0, 0], how: 'end' });
    peer.end();
    expect((await connection.closed).reason).toBe('hangup');
  });

  it.each([
    ['a line of text', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'first_frame_not_uuid'],
    ['a TLS handshake', Buffer.from('16030100c8010000c40303', 'hex'), 'first_frame_not_uuid'],
    ['a kind nobody knows', Buffer.from('7e0000', 'hex'), 'first_frame_not_uuid'],
    ['audio', FRAME, 'first_frame_not_uuid'],
    ['an oversized UUID', Buffer.from('01ffff', 'hex'), 'first_frame_bad_length'],
    ['an empty UUID', Buffer.from('010000', 'hex'), 'first_frame_bad_length'],
  ])('closes on %s instead of a UUID', async (_, bytes, reason) => {
    loopback = await listenOnLoopback();
    const peer = await rawPeer(loopback.port);
    peer.write(bytes);
    expect(await loopback.refused.next()).toMatchObject({ reason });
    peer.destroy();
  });

  it('closes on a UUID that is cut off', async () => {
    loopback = await listenOnLoopback();
    const peer = await rawPeer(loopback.port);
    peer.end(encodeUuid(UUID).subarray(0, 18));
    expect(await loopback.refused.next()).toMatchObject({ reason: 'first_frame_truncated' });
  });

  it('closes connections that say nothing, after firstFrameMs', async () => {
    loopback = await listenOnLoopback({ firstFrameMs: 700 });
    const peers = await Promise.all(Array.from({ length: 3 }, () => rawPeer(loopback.port)));
    await loopback.clock.timersSet(3);
    const ends = peers.map((peer) => readToEnd(peer));
    loopback.clock.advance(700);
    const refused = await loopback.refused.take(3);
    expect(refused.map(({ reason }) => reason)).toEqual(Array(3).fill('first_frame_timeout'));
    expect(await Promise.all(ends)).toEqual(Array(3).fill({ bytes: [0, 0, 0], how: 'end' }));
    for (const peer of peers) peer.destroy();
  });

  it('keeps a frame that never ends waiting, within bounds, until the peer goes', async () => {
    loopback = await listenOnLoopback();
    const { peer, connection } = await namedPeer();
    peer.write(Buffer.from('10ffff', 'hex'));
    peer.write(new Uint8Array(30_000));
    peer.end();
    expect(await connection.closed).toMatchObject({ reason: 'peer_fin', truncatedBytes: 30_003 });
  });

  it('closes on a payload above payloadBytesMax', async () => {
    loopback = await listenOnLoopback({ payloadBytesMax: 320 });
    const { peer, connection } = await namedPeer();
    peer.write(FRAME);
    peer.write(encodeAudio(8000, new Uint8Array(322)));
    expect(await connection.closed).toMatchObject({ reason: 'payload_too_large', detail: '322 bytes' });
    expect(connection.counters.framesIn).toBe(2);
    peer.destroy();
  });

  it('resets a peer that stopped reading, since a 0x00 would wait behind its unread audio', async () => {
    loopback = await listenOnLoopback();
    const { peer, connection } = await namedPeer();
    peer.pause();
    const threeSeconds = encodeAudio(8000, new Uint8Array(60_000));
    while (connection.write(threeSeconds)); // fills the kernel's buffers, then the queue
    expect(connection.counters.droppedOut).toBe(1);
    loopback.clock.advance(10_000);
    expect((await connection.closed).reason).toBe('peer_not_reading');
    // A reset throws away what the kernel still held; a plain close would deliver all but the queue.
    expect((await readToEnd(peer)).bytes.length).toBeLessThan(connection.counters.bytesOut - 2 * 65_536);
    peer.destroy();
  });

  it('takes a hundred calls at once', async () => {
    loopback = await listenOnLoopback();
    const peers = await Promise.all(Array.from({ length: 100 }, () => rawPeer(loopback.port)));
    const uuids = peers.map((_, index) => `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`);
    for (const [index, peer] of peers.entries()) peer.write(encodeUuid(uuids[index]!));
    const connections = await loopback.connections.take(100);
    expect(connections.map(({ contextId }) => contextId).sort()).toEqual(uuids);
    expect(loopback.server.connectionCount()).toBe(100);
    for (const peer of peers) peer.end();
    const ends = await Promise.all(connections.map(({ closed }) => closed));
    expect(new Set(ends.map(({ reason }) => reason))).toEqual(new Set(['peer_fin']));
  });
});

describe('server: limits on connections', () => {
  it.each([
    ['connectionsMax', 'too_many_connections'],
    ['connectionsPerAddressMax', 'too_many_from_address'],
    ['unidentifiedPerAddressMax', 'too_many_unidentified'],
  ])('turns away with 0x00 above %s, and takes new ones when some have left', async (limit, reason) => {
    loopback = await listenOnLoopback({ [limit]: 2 });
    const quiet = [await rawPeer(loopback.port), await rawPeer(loopback.port)];
    await loopback.clock.timersSet(2);
    const third = await rawPeer(loopback.port);
    expect(await readToEnd(third)).toEqual({ bytes: [0, 0, 0], how: 'end' });
    expect(await loopback.refused.next()).toMatchObject({ reason, remoteAddress: LOOPBACK });
    quiet[0]!.end();
    expect((await loopback.refused.next()).reason).toBe('no_frame');
    const { connection } = await namedPeer();
    expect(connection.contextId).toBe(UUID);
    for (const peer of [...quiet, third]) peer.destroy();
  });

  it('counts a connection as unidentified only until it has named its call', async () => {
    loopback = await listenOnLoopback({ unidentifiedPerAddressMax: 1 });
    await namedPeer();
    await namedPeer();
    expect(loopback.server.connectionCount()).toBe(2);
  });
});

describe('server: listening and closing', () => {
  it('ends connections without a name and leaves the named ones to their owner', async () => {
    loopback = await listenOnLoopback();
    const { connection } = await namedPeer();
    const quiet = await rawPeer(loopback.port);
    await loopback.clock.timersSet(1);
    await loopback.server.close();
    expect(await loopback.refused.next()).toMatchObject({ reason: 'destroyed', detail: 'server_closed' });
    expect([connection.state, loopback.server.connectionCount()]).toEqual(['open', 1]);
    await expect(rawPeer(loopback.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await loopback.server.close();
    expect(connection.state).toBe('open');
    await loopback.server.close({ connections: 'destroy' });
    expect(await connection.closed).toMatchObject({ reason: 'destroyed', detail: 'server_closed' });
    quiet.destroy();
  });

  it('says which error kept it from listening, and can try again', async () => {
    loopback = await listenOnLoopback();
    const blocker = createServer().listen(0, LOOPBACK);
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const server = createAudioSocketServer({ clock: new ManualClock(), onConnection: () => {} });
    await expect(server.listen({ host: LOOPBACK, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    blocker.close();
    await once(blocker, 'close');
    expect(await server.listen({ host: LOOPBACK, port })).toEqual({ host: LOOPBACK, port });
    await server.close();
  });

  it('does not listen twice, nor after it was closed', async () => {
    loopback = await listenOnLoopback();
    await expect(loopback.server.listen({ host: LOOPBACK, port: 0 })).rejects.toThrow('listens already');
    await loopback.server.close();
    await expect(loopback.server.listen({ host: LOOPBACK, port: 0 })).rejects.toThrow('closed');
  });

  it('does not start to listen when it was closed in the meantime', async () => {
    loopback = await listenOnLoopback();
    const server = createAudioSocketServer({ clock: new ManualClock(), onConnection: () => {} });
    const listening = server.listen({ host: LOOPBACK, port: 0 });
    await server.close();
    await expect(listening).rejects.toThrow('closed');
  });

  it('may be closed before it ever listened', async () => {
    loopback = await listenOnLoopback();
    const server = createAudioSocketServer({ clock: new ManualClock(), onConnection: () => {} });
    await server.close();
    await server.close();
  });

  it('ends only the one connection when onConnection throws', async () => {
    loopback = await listenOnLoopback();
    const server = createAudioSocketServer({
      clock: new ManualClock(),
      onConnection: () => {
        throw new Error('a mistake');
      },
    });
    const { port } = await server.listen({ host: LOOPBACK, port: 0 });
    const peer = await rawPeer(port);
    peer.write(encodeUuid(UUID));
    expect(await readToEnd(peer)).toEqual({ bytes: [0, 0, 0], how: 'end' });
    peer.destroy();
    await server.close();
  });
});

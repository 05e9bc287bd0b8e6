import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { MediaConnection } from './connection.js';
import { ChanWebSocketError } from './errors.js';
import { type Loopback, startLoopback } from './loopback.test.support.js';

const PLAIN_START =
  'MEDIA_START connection_id:c channel:WebSocket/c/0x1 channel_id:1.1 format:ulaw optimal_frame_size:160 ptime:20';

function jsonStart(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({ event: 'MEDIA_START', format: 'ulaw', optimal_frame_size: 160, ptime: 20, ...fields });
}

let loopback: Loopback;
afterEach(() => loopback.close());

/** A started call: the foreign client, and the server's connection. */
async function startCall(start = jsonStart(), limits = {}) {
  loopback = await startLoopback({ connection: limits });
  const peer = await loopback.open();
  peer.on('error', () => {});
  peer.send(start);
  peer.send('{"event":"DTMF_END","digit":"0"}');
  await loopback.log.seen('dtmf 0');
  return { peer, connection: loopback.connections[0]!, log: loopback.log, clock: loopback.clock };
}

describe('the start of a media connection', () => {
  it('ends the connection when MEDIA_START does not come in time', async () => {
    loopback = await startLoopback();
    await loopback.open();
    const [connection] = loopback.connections;
    loopback.clock.advance(4999);
    expect(loopback.log.lines).toEqual(['upgrade']);
    loopback.clock.advance(1);
    expect((await connection!.closed).reason).toBe('start_timeout');
    expect(loopback.clock.pendingTimers).toBe(0);
  });

  it('does not end a connection that started in time', async () => {
    const { peer, log, clock } = await startCall();
    clock.advance(60_000);
    peer.send('{"event":"DTMF_END","digit":"1"}');
    await log.seen('dtmf 1');
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ['format_unsupported', jsonStart({ format: 'slin12', optimal_frame_size: 480 })],
    ['format_unsupported', jsonStart({ format: 'gsm', optimal_frame_size: 33 })],
    ['passthrough_unsupported', jsonStart({ format: 'opus', optimal_frame_size: 0 })],
    ['passthrough_unsupported', jsonStart({ format: 'ulaw', optimal_frame_size: 0 })],
  ])('ends with %s for %s', async (reason, start) => {
    loopback = await startLoopback();
    const peer = await loopback.open();
    const closed = once(peer, 'close');
    peer.send(start);
    expect((await closed)[0]).toBe(1003);
    expect((await loopback.connections[0]!.closed).reason).toBe(reason);
    expect(loopback.log.lines.slice(1)).toEqual([`closed ${reason} 1003`]);
  });

  it('delivers media that came before MEDIA_START after it, the oldest dropped and counted', async () => {
    loopback = await startLoopback({ connection: { earlyMessagesMax: 2 } });
    const peer = await loopback.open();
    for (const value of [1, 2, 3]) peer.send(Buffer.alloc(160, value));
    peer.send(jsonStart());
    peer.send(Buffer.alloc(160, 4));
    await loopback.log.seen('media 160 4');
    expect(loopback.log.lines.slice(1)).toEqual(['start ulaw 160', 'media 160 2', 'media 160 3', 'media 160 4']);
    expect(loopback.connections[0]!.counters.earlyMediaDropped).toBe(1);
  });

  it('ignores and counts other events before it, and a second one after it', async () => {
    loopback = await startLoopback();
    const peer = await loopback.open();
    peer.send('DTMF_END digit:7');
    peer.send(PLAIN_START);
    peer.send(jsonStart({ format: 'slin16', optimal_frame_size: 640 }));
    peer.send('DTMF_END digit:8');
    await loopback.log.seen('dtmf 8');
    expect(loopback.log.lines.slice(1)).toEqual(['start ulaw 160', 'dtmf 8']);
    expect(loopback.connections[0]!.counters).toMatchObject({ earlyEvents: 1, duplicateStarts: 1 });
    expect(loopback.connections[0]!.form).toBe('plain-text');
  });

  it('uses the frame size Asterisk announces', async () => {
    const { connection } = await startCall(jsonStart({ format: 'slin16', optimal_frame_size: 1280, ptime: 40 }));
    expect(connection.format).toMatchObject({ name: 'slin16', frameBytes: 1280 });
  });
});

describe('what Asterisk sends', () => {
  it('reaches the listener in order', async () => {
    const { peer, log } = await startCall(PLAIN_START);
    const status =
      'STATUS channel_id:1 queue_length:5 xon_level:800 xoff_level:900 queue_full:false bulk_media:false media_paused:false';
    for (const line of [
      'MEDIA_XOFF',
      'MEDIA_XON',
      'QUEUE_DRAINED',
      'MEDIA_MARK_PROCESSED m',
      'MEDIA_BUFFERING_COMPLETED b',
    ]) {
      peer.send(line);
    }
    for (const line of [status, 'ERROR channel_id:1 error_text:no such thing', 'DTMF_END digit:9']) peer.send(line);
    await log.seen('dtmf 9');
    expect(log.lines.slice(3)).toEqual([
      'xoff',
      'xon',
      'drained',
      'mark m',
      'buffered b',
      'status 5',
      'error no such thing',
      'dtmf 9',
    ]);
  });

  it('is cut to whole samples, and counted when it was not', async () => {
    const { peer, connection, log } = await startCall(jsonStart({ format: 'slin16', optimal_frame_size: 640 }));
    for (const size of [641, 1, 0, 640]) peer.send(Buffer.alloc(size, 9));
    await log.seen('media 640 9', 2);
    expect(log.lines.filter((line) => line.startsWith('media'))).toEqual(['media 640 9', 'media 640 9']);
    expect(connection.counters.oddLengths).toBe(2);
  });

  it('is ignored and counted when nobody can understand it', async () => {
    const { peer, connection, log } = await startCall();
    for (const text of ['', 'HELLO', '{"event":"NEW_THING"}', '{{{', 'DTMF_END digit:55', '\u0000']) peer.send(text);
    peer.send('{"event":"DTMF_END","digit":"1"}');
    await log.seen('dtmf 1');
    expect(log.lines.slice(1)).toEqual(['start ulaw 160', 'dtmf 0', 'dtmf 1']);
    expect(connection.counters).toMatchObject({ malformedTexts: 3, unknownEvents: 3 });
  });

  it('may be fragmented: a later Asterisk may do what this one does not', async () => {
    const { peer, log } = await startCall();
    peer.send(Buffer.alloc(100, 1), { fin: false });
    peer.send(Buffer.alloc(60, 1), { fin: true });
    await log.seen('media 160 1');
  });

  it('closes the connection with 1009 when it is larger than 65,535 bytes', async () => {
    const { peer, connection, log } = await startCall();
    peer.send(Buffer.alloc(65_535, 1));
    await log.seen('media 65535 1');
    const closed = once(peer, 'close');
    peer.send(Buffer.alloc(65_536, 1));
    expect((await closed)[0]).toBe(1009);
    expect((await connection.closed).reason).toBe('message_too_big');
    expect(loopback.clock.pendingTimers).toBe(0);
  });

  it('ends the connection when it is no WebSocket frame', async () => {
    const { peer, connection } = await startCall();
    (peer as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff, 0xff]));
    expect((await connection.closed).reason).toBe('protocol_error');
  });
});

describe('sending to Asterisk', () => {
  it('cuts what is too large for one message between frames, and never fragments', async () => {
    const { peer, connection } = await startCall();
    const received: Buffer[] = [];
    peer.on('message', (data: Buffer, isBinary: boolean) => isBinary && received.push(data));
    const bytes = Buffer.from(Array.from({ length: 160 * 1000 }, (_, at) => at % 255));
    expect(connection.sendMedia(bytes)).toBe(true);
    connection.flush();
    await once(peer, 'message').then(async function more(): Promise<void> {
      if (received.length < 3) await once(peer, 'message').then(more);
    });
    expect(received.map((message) => message.length)).toEqual([64_960, 64_960, 30_080]);
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
  });

  it('speaks the form Asterisk spoke', async () => {
    for (const [start, expected] of [
      [PLAIN_START, ['FLUSH_MEDIA', 'MARK_MEDIA m1']],
      [jsonStart(), ['{"command":"FLUSH_MEDIA"}', '{"command":"MARK_MEDIA","correlation_id":"m1"}']],
    ] as const) {
      const { peer, connection } = await startCall(start);
      const texts: string[] = [];
      peer.on('message', (data: Buffer) => texts.push(String(data)));
      expect([connection.flush(), connection.mark('m1')]).toEqual([true, true]);
      const closed = once(peer, 'close');
      connection.hangup();
      await closed;
      expect(texts.slice(0, 2)).toEqual(expected);
      if (start === PLAIN_START) await loopback.close();
    }
  });

  it('knows that marks work from JSON, and in plain text from the first answer', async () => {
    const { peer, connection, log } = await startCall(PLAIN_START);
    expect(connection.marks).toBe('unknown');
    peer.send('MEDIA_MARK_PROCESSED m1');
    await log.seen('mark m1');
    expect(connection.marks).toBe('supported');
    await loopback.close();
    expect((await startCall()).connection.marks).toBe('supported');
  });

  it('refuses broken frames with an error of the calling code', async () => {
    const { connection } = await startCall();
    expect(() => connection.sendMedia(new Uint8Array(161))).toThrow(ChanWebSocketError);
    expect(() => connection.mark('x'.repeat(65))).toThrow(ChanWebSocketError);
    expect(connection.format?.name).toBe('ulaw');
  });

  it('refuses everything before the start and after the end', async () => {
    loopback = await startLoopback();
    const peer = await loopback.open();
    const [connection] = loopback.connections;
    expect([connection!.sendMedia(new Uint8Array(160)), connection!.flush()]).toEqual([false, false]);
    peer.close(1000);
    await connection!.closed;
    expect([connection!.sendMedia(new Uint8Array(160)), connection!.flush()]).toEqual([false, false]);
    expect(connection!.counters.commandsRefused).toBe(2);
  });
});

describe('a peer that stops reading', () => {
  /** Sends until the kernel takes no more and the limit is passed. Bounded by what any kernel buffers. */
  function fill(connection: { sendMedia(bytes: Uint8Array): boolean }): number {
    let sent = 0;
    while (sent < 2000 && connection.sendMedia(new Uint8Array(64_000))) sent += 1;
    return sent;
  }

  it('has media refused and counted, while commands still pass within their own bound', async () => {
    const { peer, connection } = await startCall();
    peer.pause();
    expect(fill(connection)).toBeLessThan(2000);
    expect(connection.sendMedia(new Uint8Array(160))).toBe(false);
    expect(connection.counters.mediaRefused).toBe(2);
    let commands = 0;
    while (commands < 1000 && connection.flush()) commands += 1;
    expect(commands).toBe(64);
  });

  it('is cut off after ten seconds', async () => {
    const { peer, connection, clock } = await startCall();
    peer.pause();
    fill(connection);
    clock.advance(9999);
    expect(connection.counters.mediaRefused).toBe(1);
    clock.advance(1);
    expect(await connection.closed).toEqual({ reason: 'peer_not_reading' });
    expect(clock.pendingTimers).toBe(0);
  });

  /** Lets the peer read until it has all that was sent. */
  async function drain(peer: WebSocket, connection: MediaConnection): Promise<void> {
    connection.flush();
    const flushed = new Promise<void>((resolve) => {
      peer.on('message', (_data: Buffer, isBinary: boolean) => {
        if (!isBinary) resolve();
      });
    });
    peer.resume();
    await flushed;
  }

  it('is not cut off when it reads again', async () => {
    const { peer, connection, clock, log } = await startCall();
    peer.pause();
    fill(connection);
    await drain(peer, connection);
    clock.advance(20_000);
    expect(connection.sendMedia(new Uint8Array(160))).toBe(true);
    peer.send('{"event":"DTMF_END","digit":"1"}');
    await log.seen('dtmf 1');
  });

  it('has its ten seconds again after having read', async () => {
    const { peer, connection, clock } = await startCall();
    peer.pause();
    fill(connection);
    clock.advance(6000);
    await drain(peer, connection);
    expect(connection.sendMedia(new Uint8Array(160))).toBe(true);
    peer.pause();
    fill(connection);
    clock.advance(6000);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(4000);
    expect((await connection.closed).reason).toBe('peer_not_reading');
  });

  it('cannot keep a hung-up connection open', async () => {
    const { peer, connection, clock } = await startCall();
    peer.pause();
    fill(connection);
    connection.hangup();
    clock.advance(2000);
    expect((await connection.closed).reason).toBe('app_hangup');
  });
});

describe('the end of a media connection', () => {
  it('is a hangup of the caller when Asterisk closes with 1000', async () => {
    const { peer, connection, log } = await startCall();
    peer.close(1000);
    expect(await connection.closed).toEqual({ reason: 'caller_hangup', code: 1000 });
    expect(log.count('closed caller_hangup 1000')).toBe(1);
  });

  it.each([1001, 1011, 4000])('is the closing of the peer with %d', async (code) => {
    const { peer, connection } = await startCall();
    peer.close(code);
    expect(await connection.closed).toEqual({ reason: 'peer_closed', code });
  });

  it('is a lost connection without a closing handshake', async () => {
    const { peer, connection } = await startCall();
    peer.terminate();
    expect(await connection.closed).toEqual({ reason: 'connection_lost' });
  });

  it('is a reset when Asterisk closes with our audio unread, and that overtakes its closing frame', async () => {
    const { peer, connection } = await startCall();
    const { _socket: tcp } = peer as unknown as { readonly _socket: Socket };
    peer.close(1000);
    tcp.resetAndDestroy();
    // Before this side has read the frame.
    connection.sendMedia(new Uint8Array(160));
    expect(await connection.closed).toEqual({ reason: 'peer_reset' });
  });

  it('is a HANGUP and a close of 1000 when this side hangs up, once, however often', async () => {
    const { peer, connection, log, clock } = await startCall(PLAIN_START);
    const texts: string[] = [];
    peer.on('message', (data: Buffer) => texts.push(String(data)));
    const closed = once(peer, 'close');
    connection.hangup();
    connection.hangup();
    expect((await closed)[0]).toBe(1000);
    expect((await connection.closed).reason).toBe('app_hangup');
    connection.hangup();
    expect(texts).toEqual(['HANGUP']);
    expect(log.lines.filter((line) => line.startsWith('closed'))).toEqual(['closed app_hangup 1000']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('counts, and does not deliver, what still arrives while closing', async () => {
    const { peer, connection, log } = await startCall();
    connection.hangup();
    peer.send(Buffer.alloc(160, 1));
    await connection.closed;
    expect(log.lines.filter((line) => line.startsWith('media'))).toEqual([]);
    expect(connection.counters.lateMessages).toBe(1);
  });

  it('sends no ping in an hour of silence, and answers one', async () => {
    const { peer, clock } = await startCall();
    let pings = 0;
    peer.on('ping', () => {
      pings += 1;
    });
    clock.advance(3_600_000);
    peer.ping();
    await once(peer, 'pong');
    expect(pings).toBe(0);
    expect(peer.readyState).toBe(WebSocket.OPEN);
  });
});

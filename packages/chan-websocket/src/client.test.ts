import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ChanWebSocketClientOptions, connectChanWebSocket } from './client.js';
import { ChanWebSocketError } from './errors.js';
import { HandClock } from './hand-clock.test.support.js';
import { EventLog, type Loopback, startLoopback } from './loopback.test.support.js';

const stops: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Client and server of this package, talking to each other. */
async function startCall(options: Partial<ChanWebSocketClientOptions> = {}) {
  const loopback: Loopback = await startLoopback();
  stops.push(() => loopback.close());
  const heard: string[] = [];
  const startMs = loopback.clock.nowMs();
  const onRtp = (frame: Uint8Array, atMs: number) => heard.push(`${atMs - startMs} ${frame.length} ${frame[0]}`);
  const client = connectChanWebSocket({ clock: loopback.clock, url: loopback.url, onRtp, ...options });
  await client.opened;
  client.sendDtmf('0');
  await loopback.log.seen('dtmf 0');
  const connection = loopback.connections[0]!;
  const log = loopback.log;
  /** Resolves when the client has taken everything that was sent to it, and then holds `length` frames. */
  const settled = (length: number): Promise<void> => {
    const times = log.count(`status ${length}`) + 1;
    connection.command({ command: 'GET_STATUS' });
    return log.seen(`status ${length}`, times);
  };
  return { client, connection, log, heard, clock: loopback.clock, settled };
}

describe('a call between both sides', () => {
  it.each(['plain-text', 'json'] as const)('plays what was sent, frame by frame, in %s', async (form) => {
    const { connection, heard, clock, settled, log } = await startCall({ form });
    expect(connection.form).toBe(form);
    expect(connection.sendMedia(Buffer.concat([Buffer.alloc(160, 1), Buffer.alloc(160, 2)]))).toBe(true);
    connection.mark('end');
    await settled(2);
    clock.advance(60);
    expect(heard).toEqual(['20 160 1', '40 160 2']);
    await log.seen('mark end');
  });

  it('forgets what is queued when flushed', async () => {
    const { connection, heard, clock, settled } = await startCall();
    connection.sendMedia(new Uint8Array(1600));
    await settled(10);
    clock.advance(40);
    connection.flush();
    await settled(0);
    clock.advance(1000);
    expect(heard.length).toBe(2);
  });

  it('keeps an absolute schedule when its timer is late, and re-bases after a long stop', async () => {
    const { connection, heard, clock, settled } = await startCall();
    connection.sendMedia(new Uint8Array(160 * 100));
    await settled(100);
    clock.jump(65);
    expect(heard.map((line) => line.split(' ')[0])).toEqual(['65', '65', '65']);
    clock.advance(15);
    expect(heard.at(-1)).toBe('80 160 0');
    clock.jump(5000);
    expect(heard.length).toBe(5);
  });

  it('has flow control', async () => {
    const { connection, clock, log } = await startCall();
    connection.sendMedia(new Uint8Array(160 * 900));
    await log.seen('xoff');
    clock.advance(20 * 102);
    await log.seen('xon');
  });

  it('carries the channel variables in JSON', async () => {
    const { log, connection } = await startCall({ channelVariables: { RAPIDA_CONTEXT_ID: 'x' }, format: 'slin16' });
    expect(log.lines).toContain('start slin16 640');
    expect(connection.form).toBe('json');
  });

  it.each([
    ['caller_hangup', 'caller_hangup 1000', 'hangup'],
    ['aborted', 'connection_lost -', 'abort'],
  ] as const)('ends with %s on one side and %s on the other', async (how, closed, method) => {
    const { client, connection, log, clock } = await startCall();
    client[method]();
    client[method]();
    await connection.closed;
    expect(await client.ended).toMatchObject({ how, dialStatus: 'ANSWER', hangupCause: 16 });
    expect(log.lines.at(-1)).toBe(`closed ${closed}`);
    client.hangup();
    client.abort();
    expect(client.sendMedia(new Uint8Array(160))).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends with HANGUP of the app', async () => {
    const { client, connection } = await startCall({ form: 'plain-text' });
    connection.hangup();
    expect(await client.ended).toMatchObject({ how: 'app_hangup', dialStatus: 'ANSWER', hangupCause: 16 });
    expect((await connection.closed).reason).toBe('app_hangup');
  });

  it('sends no media when the app wants none, and plays none', async () => {
    const { client, connection, settled } = await startCall();
    connection.command({ command: 'SET_MEDIA_DIRECTION', direction: 'out' });
    await settled(0);
    expect(client.sendMedia(new Uint8Array(160))).toBe(false);
    connection.command({ command: 'SET_MEDIA_DIRECTION', direction: 'in' });
    connection.sendMedia(new Uint8Array(160));
    await settled(0);
    expect(client.sendMedia(new Uint8Array(160))).toBe(true);
  });
});

/** A foreign WebSocket server, for what ours never does. */
async function foreignApp(): Promise<{ url: string; socket: Promise<WebSocket>; log: EventLog }> {
  const log = new EventLog();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  stops.push(async () => {
    for (const each of server.clients) each.terminate();
    server.close();
    await once(server, 'close');
  });
  const socket = once(server, 'connection').then(([opened]) => {
    opened.on('message', (data: Buffer, isBinary: boolean) =>
      log.push(isBinary ? `binary ${data.length}` : String(data)),
    );
    opened.on('close', (code: number) => log.push(`closed ${code}`));
    return opened as WebSocket;
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, socket, log };
}

describe('an Asterisk', () => {
  it('answers the close of the app with 1001', async () => {
    const app = await foreignApp();
    const client = connectChanWebSocket({ clock: new HandClock(), url: app.url });
    (await app.socket).close(1000);
    expect(await client.ended).toMatchObject({ how: 'app_closed', closeCode: 1000 });
    await app.log.seen('closed 1001');
  });

  it('closes with 1009 and hangs up when a message is too big', async () => {
    const app = await foreignApp();
    const client = connectChanWebSocket({ clock: new HandClock(), url: app.url });
    (await app.socket).send(Buffer.alloc(70_000));
    expect(await client.ended).toMatchObject({ how: 'message_too_big' });
    await app.log.seen('closed 1009');
  });

  it('loses all but the first fragment of a fragmented message', async () => {
    const app = await foreignApp();
    const clock = new HandClock();
    const client = connectChanWebSocket({ clock, url: app.url });
    const socket = await app.socket;
    for (let part = 0; part < 5; part += 1) socket.send(Buffer.alloc(320, part), { fin: part === 4 });
    socket.send('{"command":"GET_STATUS"}');
    await client.opened;
    const status = { event: 'STATUS', channel_id: 'asterisk-1.2', queue_length: 2, xon_level: 800, xoff_level: 900 };
    await app.log.seen(JSON.stringify({ ...status, queue_full: false, bulk_media: false, media_paused: false }));
    expect(client.lostFragments).toBe(4);
  });

  it('answers a ping from 22.10', async () => {
    const app = await foreignApp();
    connectChanWebSocket({ clock: new HandClock(), url: app.url });
    const socket = await app.socket;
    socket.ping('x');
    expect(String((await once(socket, 'pong'))[0])).toBe('x');
  });

  it('hangs up on a ping in 22.6', async () => {
    const app = await foreignApp();
    const client = connectChanWebSocket({ clock: new HandClock(), url: app.url, behaviour: '22.6' });
    (await app.socket).ping();
    expect(await client.ended).toMatchObject({ how: 'ping', dialStatus: 'ANSWER' });
  });

  it('of 22.6 starts in plain text without a channel id, and plays silence for nothing', async () => {
    const app = await foreignApp();
    const clock = new HandClock();
    const heard: string[] = [];
    const onRtp = (frame: Uint8Array) => heard.push(`${frame.length} ${frame[0]}`);
    const client = connectChanWebSocket({ clock, url: app.url, behaviour: '22.6', format: 'alaw', onRtp });
    await client.opened;
    clock.advance(40);
    expect(heard).toEqual(['160 213', '160 213']);
    await app.log.seen(
      'MEDIA_START connection_id:simulator channel:WebSocket/simulator/0x1 format:alaw optimal_frame_size:160 ptime:20',
    );
  });

  it('cannot speak JSON in 22.6, nor a format it has not', () => {
    const options = { clock: new HandClock(), url: 'ws://127.0.0.1:1/' };
    expect(() => connectChanWebSocket({ ...options, behaviour: '22.6', form: 'json' })).toThrow(ChanWebSocketError);
    expect(() => connectChanWebSocket({ ...options, format: 'opus' })).toThrow(ChanWebSocketError);
  });

  it('does not stay when the app does not finish the closing', async () => {
    const app = await foreignApp();
    const clock = new HandClock();
    const client = connectChanWebSocket({ clock, url: app.url });
    (await app.socket).pause();
    await client.opened;
    client.hangup();
    clock.advance(2000);
    expect(await client.ended).toMatchObject({ how: 'caller_hangup' });
  });
});

/** A server that says one thing to whoever connects. */
async function parrot(reply: (key: string) => string, then: (socket: Socket) => void = () => {}) {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (chunk: Buffer) => {
      requests.push(chunk.toString('latin1'));
      socket.write(reply(/Sec-WebSocket-Key: (.*)\r\n/.exec(requests.at(-1)!)?.[1] ?? ''));
      then(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { requests, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/talk/asterisk/ctx?contextId=x` };
}

describe('the handshake of Asterisk', () => {
  it('has its headers in its order, with no Origin and no extensions', async () => {
    const { requests, url } = await parrot(() => 'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n');
    const client = connectChanWebSocket({ clock: new HandClock(), url, headers: { Authorization: 'Basic eDp5' } });
    expect(await client.opened).toEqual({ ok: false, code: 'refused', status: 503, body: '' });
    expect(requests[0]!.replace(/Key: .*/, 'Key: *').split('\r\n')).toEqual([
      'GET /v1/talk/asterisk/ctx?contextId=x HTTP/1.1',
      'Sec-WebSocket-Version: 13',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Host: ${new URL(url).host}`,
      'Authorization: Basic eDp5',
      'Sec-WebSocket-Protocol: media',
      'Sec-WebSocket-Key: *',
      '',
      '',
    ]);
  });

  // The key and the answer to it are computed by hand here, with the GUID of RFC 6455.
  const good = async (key: string): Promise<string> => {
    const digest = await crypto.subtle.digest('SHA-1', Buffer.from(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`));
    return Buffer.from(digest).toString('base64');
  };

  it.each([
    ['takes', 'no subprotocol', ''],
    ['takes', 'the offered subprotocol', 'Sec-WebSocket-Protocol: media\r\n'],
    ['refuses', 'another subprotocol', 'Sec-WebSocket-Protocol: chat\r\n'],
    ['refuses', 'an extension', 'Sec-WebSocket-Extensions: permessage-deflate\r\n'],
  ])('%s an answer with %s', async (verdict, _what, header) => {
    const server = await parrot(
      () => '',
      (socket) => {
        const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(server.requests[0]!)![1]!;
        good(key).then((accept) => {
          const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`;
          socket.write(`${head}${header}\r\n`);
        });
      },
    );
    const client = connectChanWebSocket({ clock: new HandClock(), url: server.url });
    const outcome = await client.opened;
    expect(outcome.ok ? 'takes' : `refuses ${outcome.code}`.replace(' bad_reply', '')).toBe(verdict);
    client.abort();
    await client.ended;
  });

  it.each([
    ['bad_reply', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['bad_reply', 'x'.repeat(20_000)],
    [
      'bad_reply',
      'HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
    ],
    ['refused', 'HTTP/1.1 404 Not Found\r\n\r\nno length'],
  ])('ends with %s', async (code, reply) => {
    const { url } = await parrot(
      () => reply,
      (socket) => socket.end(),
    );
    const client = connectChanWebSocket({ clock: new HandClock(), url });
    expect(await client.opened).toMatchObject({ ok: false, code });
    expect(await client.ended).toEqual({ how: 'not_connected', dialStatus: 'CHANUNAVAIL', hangupCause: 3 });
  });

  it('is given up in time, where Asterisk would wait for ever', async () => {
    const { url } = await parrot(() => 'HTTP/1.1 ');
    const clock = new HandClock();
    const client = connectChanWebSocket({ clock, url });
    clock.advance(10_000);
    expect(await client.opened).toEqual({ ok: false, code: 'timeout' });
    expect(await client.ended).toMatchObject({ how: 'not_connected' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails when nobody listens, or the caller gives up first', async () => {
    const { url } = await parrot(() => '');
    const client = connectChanWebSocket({ clock: new HandClock(), url });
    client.hangup();
    expect(await client.opened).toEqual({ ok: false, code: 'aborted' });
    for (const stop of stops.splice(0)) await stop();
    const nobody = connectChanWebSocket({ clock: new HandClock(), url });
    expect(await nobody.opened).toEqual({ ok: false, code: 'connect_failed' });
  });
});

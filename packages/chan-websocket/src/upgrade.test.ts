import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectChanWebSocket } from './client.js';
import { contextIdFrom } from './context-id.js';
import { ChanWebSocketError } from './errors.js';
import { EventLog, type Loopback, loggingListener, startLoopback } from './loopback.test.support.js';
import { refuseUpgrade } from './refusal.js';

let loopback: Loopback;
afterEach(() => loopback.close());

/** Everything the server wrote until it closed, or until the end of the head with `until: 'head'`. */
async function answer(socket: Socket, request: string, until: 'close' | 'head' = 'close'): Promise<string> {
  let text = '';
  const done = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until === 'head' && text.includes('\r\n\r\n')) resolve();
    });
  });
  socket.write(request);
  await done;
  return text;
}

function upgradeRequest(headers: readonly string[] = [], method = 'GET'): string {
  const lines = [
    `${method} /v1/talk/asterisk/ctx HTTP/1.1`,
    'Sec-WebSocket-Version: 13',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Host: localhost',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

describe('the answer to an upgrade', () => {
  it('is what RFC 6455 says, and names no subprotocol when none was offered', async () => {
    loopback = await startLoopback();
    const head = await answer(await loopback.tcp(), upgradeRequest(), 'head');
    expect(head.split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      // The example of section 1.3.
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      '',
      '',
    ]);
  });

  it.each([
    ['media', 'media'],
    ['chat, media', 'media'],
    ['chat', undefined],
  ])('to an offer of %s selects %s', async (offered, selected) => {
    loopback = await startLoopback();
    const head = await answer(await loopback.tcp(), upgradeRequest([`Sec-WebSocket-Protocol: ${offered}`]), 'head');
    expect(/Sec-WebSocket-Protocol: (.*)\r\n/.exec(head)?.[1]).toBe(selected);
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
  });

  it('accepts no extension, whatever is offered', async () => {
    loopback = await startLoopback();
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-other';
    const head = await answer(await loopback.tcp(), upgradeRequest([offer]), 'head');
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(head.toLowerCase()).not.toContain('extensions');
  });

  it.each([
    ['a bad key', 400, upgradeRequest().replace('dGhlIHNhbXBsZSBub25jZQ==', 'short')],
    ['an old version', 400, upgradeRequest().replace('Version: 13', 'Version: 7')],
    ['a broken subprotocol', 400, upgradeRequest(['Sec-WebSocket-Protocol: ,,'])],
    ['another method', 405, upgradeRequest([], 'POST')],
  ])('refuses %s with %d, in JSON', async (_what, status, request) => {
    loopback = await startLoopback();
    const text = await answer(await loopback.tcp(), request);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({ code: 'bad_handshake' });
    expect(await loopback.outcomes[0]).toEqual({ ok: false, code: 'bad_handshake' });
    expect(loopback.upgrader.connections).toBe(0);
  });

  it('carries the status and the body of a refusal, complete', async () => {
    const body = { error: 'This context is not known: \u201cx\u201d', code: 'context_unknown' };
    loopback = await startLoopback({}, (request) => {
      expect(contextIdFrom(request.url ?? '')).toEqual({ ok: false, code: 'context_id_missing' });
      return { refuse: { status: 404, body } };
    });
    const client = connectChanWebSocket({ clock: loopback.clock, url: loopback.url });
    expect(await client.opened).toEqual({ ok: false, code: 'refused', status: 404, body: JSON.stringify(body) });
    expect(await client.ended).toEqual({ how: 'not_connected', dialStatus: 'CHANUNAVAIL', hangupCause: 3 });
    expect(await loopback.outcomes[0]).toEqual({ ok: false, code: 'refused' });
    const text = await answer(await loopback.tcp(), upgradeRequest());
    expect(text.split('\r\n').slice(0, 4)).toEqual([
      'HTTP/1.1 404 Not Found',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(JSON.stringify(body))}`,
      'Connection: close',
    ]);
  });

  it('comes within its limit when the decision does not, and the decision hears of it', async () => {
    const signals: AbortSignal[] = [];
    loopback = await startLoopback({}, (_request, signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const client = connectChanWebSocket({ clock: loopback.clock, url: loopback.url });
    await loopback.log.seen('upgrade');
    loopback.clock.advance(899);
    expect(signals[0]!.aborted).toBe(false);
    loopback.clock.advance(1);
    expect(await client.opened).toMatchObject({ ok: false, code: 'refused', status: 503 });
    expect(await loopback.outcomes[0]).toEqual({ ok: false, code: 'answer_timeout' });
    expect(signals[0]!.aborted).toBe(true);
  });

  it('is given up when the peer has gone, a reset included', async () => {
    loopback = await startLoopback({}, () => new Promise(() => {}));
    const socket = await loopback.tcp();
    socket.write(upgradeRequest());
    await loopback.log.seen('upgrade');
    socket.resetAndDestroy();
    expect(await loopback.outcomes[0]).toEqual({ ok: false, code: 'peer_gone' });
    expect(loopback.upgrader.connections).toBe(0);
    expect(loopback.clock.pendingTimers).toBe(0);
  });

  it('is 500 when the decision fails, and the failure is handed on', async () => {
    const cause = new Error('store is down');
    loopback = await startLoopback({}, () => Promise.reject(cause));
    expect(await answer(await loopback.tcp(), upgradeRequest())).toMatch(/^HTTP\/1\.1 500 /);
    expect(await loopback.outcomes[0]).toEqual({ ok: false, code: 'decision_failed', cause });
  });

  it('loses no message that came together with the request', async () => {
    const log = new EventLog();
    loopback = await startLoopback({}, async () => ({ accept: () => loggingListener(log) }));
    const text = Buffer.from('MEDIA_START format:ulaw');
    const masked = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
    const socket = await loopback.tcp();
    socket.write(Buffer.concat([Buffer.from(upgradeRequest()), masked]));
    await log.seen('start ulaw 160');
  });

  it('cannot be a refusal that is none', async () => {
    loopback = await startLoopback();
    const socket = await loopback.tcp();
    expect(() => refuseUpgrade(socket, 200, { error: 'x', code: 'x' })).toThrow(ChanWebSocketError);
  });
});

describe('the number of connections', () => {
  it('is limited in total and freed at the end', async () => {
    loopback = await startLoopback({ connectionsMax: 2 });
    const peers = [await loopback.open(), await loopback.open()];
    const refused = connectChanWebSocket({ clock: loopback.clock, url: loopback.url });
    expect(await refused.opened).toMatchObject({ ok: false, status: 503 });
    expect(await loopback.outcomes[2]).toEqual({ ok: false, code: 'too_many_connections' });
    peers[0]!.close(1000);
    await loopback.connections[0]!.closed;
    expect(loopback.upgrader.connections).toBe(1);
    expect((await loopback.open()).readyState).toBe(WebSocket.OPEN);
  });

  it('is limited per address, and freed at the end', async () => {
    loopback = await startLoopback({ connectionsPerAddressMax: 1 });
    const first = await loopback.open();
    first.close(1000);
    await loopback.connections[0]!.closed;
    await loopback.open();
    const refused = connectChanWebSocket({ clock: loopback.clock, url: loopback.url });
    expect(await refused.opened).toMatchObject({ ok: false, status: 503 });
  });

  it('may be a hundred at once, which all end and leave nothing behind', async () => {
    loopback = await startLoopback();
    const clients = Array.from({ length: 100 }, () =>
      connectChanWebSocket({ clock: loopback.clock, url: loopback.url }),
    );
    const opened = await Promise.all(clients.map((client) => client.opened));
    expect(opened.filter((outcome) => !outcome.ok)).toEqual([]);
    for (const client of clients) client.sendMedia(new Uint8Array(160).fill(5));
    await loopback.log.seen('media 160 5', 100);
    expect(loopback.upgrader.connections).toBe(100);
    for (const connection of loopback.connections) connection.sendMedia(new Uint8Array(320));
    await Promise.all([loopback.upgrader.stop(), loopback.upgrader.stop()]);
    const ends = await Promise.all(clients.map((client) => client.ended));
    expect(new Set(ends.map((end) => end.how))).toEqual(new Set(['app_hangup']));
    expect([loopback.upgrader.connections, loopback.clock.pendingTimers]).toEqual([0, 0]);
  });

  it('does not grow after stop', async () => {
    loopback = await startLoopback();
    await loopback.upgrader.stop();
    const client = connectChanWebSocket({ clock: loopback.clock, url: loopback.url });
    expect(await client.opened).toMatchObject({ status: 503 });
    expect(await loopback.outcomes[0]).toEqual({ ok: false, code: 'stopping' });
  });
});

it('a listener that cannot be made cuts the connection and is handed on', async () => {
  const cause = new Error('no room');
  loopback = await startLoopback({}, () => ({
    accept: () => {
      throw cause;
    },
  }));
  const socket = await loopback.tcp();
  const closed = once(socket, 'close');
  socket.write(upgradeRequest());
  socket.resume();
  socket.on('error', () => {});
  await closed;
  expect(await loopback.outcomes[0]).toEqual({ ok: false, code: 'decision_failed', cause });
  expect(loopback.upgrader.connections).toBe(0);
});

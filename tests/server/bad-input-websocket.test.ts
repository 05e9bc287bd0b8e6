import { randomUUID } from 'node:crypto';
import { connectChanWebSocket, type HandshakeOutcome } from '@rapida/chan-websocket';
import { systemClock } from '@rapida/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type CallJson, request } from './support/api.js';
import { countsMetric } from './support/metrics.js';
import { rawConnection } from './support/raw-socket.js';
import { startUnderFire, type UnderFire } from './support/under-fire.js';

let fire: UnderFire;
let expiring: string;
beforeAll(async () => {
  fire = await startUnderFire({ CONTEXT__TTL_SECONDS: '3' });
  expiring = await fire.register();
});
afterEach(() => fire.isUnharmed());
afterAll(() => fire.endsWell());

const refused = (code: string): string => `rapida_media_refused_total{transport="websocket",code="${code}"}`;
const badInput = (kind: string): string => `rapida_media_bad_input_total{transport="websocket",kind="${kind}"}`;
const FAILED = 'rapida_calls_ended_total{state="failed",by="system"}';

const mediaUrl = (contextId: string): string =>
  `${fire.url.replace(/^http/, 'ws')}/v1/talk/asterisk/ctx?contextId=${contextId}`;

function mediaStart(format = 'ulaw', frameBytes = 160, variables: Record<string, string> = {}): string {
  return JSON.stringify({
    event: 'MEDIA_START',
    connection_id: 'media_1',
    channel: 'WebSocket/rapida/0x1',
    channel_id: 'asterisk-1.1',
    format,
    optimal_frame_size: frameBytes,
    ptime: 20,
    channel_variables: variables,
  });
}

/** A connection that says whatever it is told to. */
async function open(contextId: string): Promise<WebSocket> {
  const socket = new WebSocket(mediaUrl(contextId), 'media', { perMessageDeflate: false });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve));
  return socket;
}

const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', (code) => resolve(code)));

/** Asterisk's handshake with the same channel behaviour as in the field; answers how it went. */
async function knock(url: string, headers: Record<string, string> = {}): Promise<HandshakeOutcome> {
  const client = connectChanWebSocket({ clock: systemClock, url, headers });
  const outcome = await client.opened;
  client.abort();
  await client.ended;
  return outcome;
}

describe('an upgrade for a context that cannot be claimed is refused with 404 and the reason', () => {
  async function isRefused(contextId: string, code: string): Promise<void> {
    const from = fire.lines.length;
    const outcome = await countsMetric(fire.url, refused(code), () => knock(mediaUrl(contextId)));
    expect(outcome).toMatchObject({ ok: false, code: 'refused', status: 404 });
    const { body } = outcome as { body: string };
    expect(JSON.parse(body)).toEqual({ code, error: expect.stringMatching(/./) });
    expect(fire.lines.slice(from).find(({ fields }) => fields.code === code)).toMatchObject({ level: 'warn' });
  }

  it('unknown', () => isRefused(randomUUID(), 'context_unknown'));
  it('no UUID', () => isRefused('not-a-uuid', 'context_malformed'));
  it('none at all', () => isRefused('', 'context_malformed'));

  it('used, by a call that goes on', async () => {
    const contextId = await fire.register();
    const socket = await open(contextId);
    socket.send(mediaStart());
    await isRefused(contextId, 'context_used');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close(1000);
    await fire.api.ended(contextId, { state: 'completed', disconnectedBy: 'user' });
  });

  it('expired', async () => {
    await fire.api.ended(expiring, { state: 'expired', reason: 'context_expired' }, 15_000);
    await isRefused(expiring, 'context_expired');
  });
});

describe('an upgrade with a wrong key', () => {
  const wrong = `rpd-${'x'.repeat(43)}`;

  it.each([
    ['in the header', '', { 'x-api-key': wrong }],
    ['in the query', `&x-api-key=${wrong}`, {}],
  ])('%s is refused with 401 and does not use the context up', async (_where, query, headers) => {
    const contextId = await fire.register();
    const outcome = await countsMetric(fire.url, refused('key_invalid'), () =>
      knock(`${mediaUrl(contextId)}${query}`, headers as Record<string, string>),
    );
    expect(outcome).toMatchObject({ status: 401, body: expect.stringContaining('"code":"key_invalid"') });
    expect(await fire.api.callOf(contextId)).toMatchObject({ state: 'registered' });
  });
});

it('an upgrade that is none is refused, and the call that was claimed for it is on record as failed', async () => {
  const contextId = await fire.register();
  const answer = await countsMetric(fire.url, FAILED, () => {
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '7',
      'sec-websocket-key': 'x',
    };
    return rawUpgrade(contextId, headers);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"bad_handshake"');
  await fire.api.ended(contextId, { state: 'failed', disconnectedBy: 'system', reason: 'media_start_missing' });
});

async function rawUpgrade(contextId: string, headers: Record<string, string>): Promise<string> {
  const { socket, closed } = rawConnection(Number(new URL(fire.url).port));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET /v1/talk/asterisk/ctx/${contextId} HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n`);
  return (await closed).toString();
}

describe('media that cannot be a call is on record as one that failed', () => {
  async function fails(
    say: (socket: WebSocket, contextId: string) => void,
    code: string,
    withCode = 1000,
  ): Promise<CallJson> {
    const contextId = await fire.register();
    const socket = await open(contextId);
    const closed = closeCode(socket);
    await countsMetric(fire.url, refused(code), async () => {
      say(socket, contextId);
      expect(await closed).toBe(withCode);
    });
    const call = await fire.api.ended(contextId, { state: 'failed', disconnectedBy: 'system', reason: code });
    const { data } = await fire.api.get<{ data: { type: string; data: object }[] }>(`/v1/calls/${call.id}/events`);
    expect(data.at(-1)).toMatchObject({ type: 'call.failed', data: { code } });
    expect(fire.lines.find(({ fields }) => fields.callId === call.id && fields.code === code)).toMatchObject({
      level: 'warn',
    });
    return call;
  }

  it('a format that there is not', () =>
    fails((socket) => socket.send(mediaStart('slin13', 260)), 'media_format_unknown', 1003));
  it('a format that is not spoken here', () =>
    fails((socket) => socket.send(mediaStart('slin12', 480)), 'media_format_unknown', 1003));
  it('a format that Asterisk does not cut', () =>
    fails((socket) => socket.send(mediaStart('opus', 0)), 'media_format_unknown', 1003));
  it('a channel variable that names another call', () =>
    fails(
      (socket) => socket.send(mediaStart('ulaw', 160, { RAPIDA_CONTEXT_ID: randomUUID() })),
      'context_mismatch',
      1000,
    ));
  it('an end before MEDIA_START', () => fails((socket) => socket.close(1000), 'media_start_missing', 1000));
});

describe('bad messages within a call are counted, and the call goes on', () => {
  const cases: readonly (readonly [string, (socket: WebSocket) => void, string])[] = [
    ['text that is no JSON', (socket) => socket.send('{"event": MEDIA'), 'malformed_text'],
    ['a key that there is not', (socket) => socket.send('{"event":"DTMF_END","digit":"x"}'), 'malformed_text'],
    ['an event that there is not', (socket) => socket.send('{"event":"WEATHER"}'), 'unknown_event'],
    ['a second MEDIA_START', (socket) => socket.send(mediaStart('slin16', 640)), 'duplicate_start'],
    ['half a sample', (socket) => socket.send(new Uint8Array(321)), 'odd_length'],
    ['an error of Asterisk', (socket) => socket.send('{"event":"ERROR","error_text":"no"}'), 'peer_error'],
  ];
  it.each(cases)('%s', async (_name, send, kind) => {
    const contextId = await fire.register();
    const socket = await open(contextId);
    const heard: Buffer[] = [];
    socket.on('message', (data: Buffer, isBinary) => void (isBinary && heard.push(data)));
    await countsMetric(
      fire.url,
      badInput(kind),
      async () => {
        socket.send(mediaStart('slin', 320));
        for (let time = 0; time < 3; time++) send(socket);
        await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), { interval: 10, timeout: 5_000 });
        socket.close(1000);
        await fire.api.ended(contextId, { state: 'completed', disconnectedBy: 'user', reason: 'caller_hangup' });
      },
      3,
    );
  });

  it('an event before MEDIA_START', async () => {
    const contextId = await fire.register();
    const socket = await open(contextId);
    await countsMetric(fire.url, badInput('early_event'), async () => {
      socket.send('{"event":"DTMF_END","digit":"1"}');
      socket.send(mediaStart());
      await fire.api.ended(contextId, { state: 'connected' });
      socket.close(1000);
      await fire.api.ended(contextId, { state: 'completed' });
    });
  });

  it('a message in fragments is one message', async () => {
    const contextId = await fire.register();
    const socket = await open(contextId);
    await countsMetric(fire.url, 'rapida_media_frames_in_total{transport="websocket"}', async () => {
      socket.send(mediaStart());
      for (let byte = 0; byte < 160; byte++) socket.send(Uint8Array.of(0xff), { fin: byte === 159 });
      await fire.api.ended(contextId, { state: 'connected' });
      socket.close(1000);
      await fire.api.ended(contextId, { state: 'completed' });
    });
  });
});

describe('what is no WebSocket, or has no end, is the end of that call alone', () => {
  const oneByte = Uint8Array.of(0xff);
  const cases: readonly (readonly [string, (socket: WebSocket) => void, number, string])[] = [
    ['a message over 65,535 bytes', (socket) => socket.send(new Uint8Array(65_536)), 1009, 'message_too_big'],
    [
      'a message of 65,536 bytes in fragments',
      (socket) => {
        for (let part = 0; part < 17; part++) socket.send(new Uint8Array(4_096), { fin: false });
      },
      1009,
      'message_too_big',
    ],
    [
      'a message of endless fragments',
      (socket) => {
        for (let part = 0; part < 1_100; part++) socket.send(oneByte, { fin: false });
      },
      1008,
      'protocol_error',
    ],
    ['a message that is not masked', (socket) => socket.send(oneByte, { mask: false }), 1002, 'protocol_error'],
    ['text that is no UTF-8', (socket) => socket.send(oneByte, { binary: false }), 1007, 'protocol_error'],
  ];
  it.each(cases)('%s', async (_name, send, code, reason) => {
    const contextId = await fire.register();
    const socket = await open(contextId);
    const closed = closeCode(socket);
    await countsMetric(fire.url, FAILED, async () => {
      socket.send(mediaStart());
      await fire.api.ended(contextId, { state: 'connected' });
      send(socket);
      expect(await closed).toBe(code);
      await fire.api.ended(contextId, { state: 'failed', disconnectedBy: 'system', reason });
    });
  });
});

it('a dialplan that asks what is next for a call that there is not is told 404', async () => {
  const answer = await request(fire.url, `/v1/talk/asterisk/ctx/${randomUUID()}/next`);
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([404, 'context_unknown']);
});

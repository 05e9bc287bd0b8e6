import { expect, it, vi } from 'vitest';
import { Rapida } from './rapida.js';
import { FakeWebSocket } from './testing/fake-web-socket.js';
import { createPatientClock } from './testing/stream-server.js';

const STARTED = { type: 'started', callId: '9', rateHz: 16_000, frameMs: 20, channels: ['caller', 'assistant'] };
/** 10 s, as 100 ms in each message. */
const MESSAGES_OF_TEN_SECONDS = 100;

function open(
  answer: (path: string) => object = () => ({ callId: '9', contextId: 'c', path: 'v1/test-calls/c?mode=text' }),
) {
  const sockets: FakeWebSocket[] = [];
  const time = createPatientClock(0);
  const rapida = new Rapida({
    ...{ url: 'https://pbx.example/rapida', apiKey: 'rpd-secret', clock: time.clock, retries: 0 },
    fetch: async (input) => Response.json(answer(new URL(String(input)).pathname)),
    webSocket(url, headers) {
      const socket = new FakeWebSocket(url, headers);
      sockets.push(socket);
      return socket;
    },
  });
  const socket = () => vi.waitFor(() => sockets[0] ?? Promise.reject(new Error('nothing was opened')));
  return { rapida, socket, ...time };
}

async function listening() {
  const { rapida, socket, ...rest } = open();
  const heard = rapida.calls.listen('9');
  const first = heard.next();
  const line = await socket();
  line.tell('open');
  line.message(STARTED);
  expect((await first).value).toEqual(STARTED);
  return { heard, line, ...rest };
}

it('listens where the server is, with the key beside the address and not in it', async () => {
  const { line } = await listening();
  expect(line.url).toBe('wss://pbx.example/rapida/v1/calls/9/listen');
  expect(line.headers).toEqual({ 'x-api-key': 'rpd-secret' });
  expect(line.binaryType).toBe('arraybuffer');
});

it('gives sound and what is told in their order, to the end, and closes', async () => {
  const { heard, line } = await listening();
  line.sound(1, -1, 256, -32_768);
  line.message({ type: 'dropped', ms: 400 });
  line.message({ type: 'ended', reason: 'call_ended' });
  const rest = [];
  for await (const one of heard) rest.push(one);
  expect(rest).toEqual([
    { type: 'sound', samples: Int16Array.of(1, -1, 256, -32_768) },
    { type: 'dropped', ms: 400 },
    { type: 'ended', reason: 'call_ended' },
  ]);
  expect(line.isClosed).toBe(true);
});

it('keeps ten seconds of sound for who is slow, drops the oldest, and says how much', async () => {
  const { heard, line } = await listening();
  const chunk = (value: number) => new Array<number>(3_200).fill(value);
  for (let n = 0; n < MESSAGES_OF_TEN_SECONDS + 3; n++) line.sound(...chunk(n));
  expect((await heard.next()).value).toEqual({ type: 'dropped', ms: 300 });
  expect((await heard.next()).value).toEqual({ type: 'sound', samples: Int16Array.from(chunk(3)) });
});

it('gives up a line that tells more than anybody takes', async () => {
  const { heard, line } = await listening();
  for (let n = 0; n < 1_001; n++) line.message({ type: 'dropped', ms: n });
  expect(line.isClosed).toBe(true);
  const drain = async () => {
    for await (const _ of heard);
  };
  await expect(drain()).rejects.toMatchObject({ code: 'unreachable' });
});

it('closes when the loop is left, and when its signal says so', async () => {
  const left = await listening();
  await left.heard.return();
  expect(left.line.isClosed).toBe(true);

  const { rapida, socket } = open();
  const stop = new AbortController();
  const next = rapida.calls.listen('9', { signal: stop.signal }).next();
  (await socket()).tell('open');
  stop.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
  expect((await socket()).isClosed).toBe(true);
});

it('fails where it breaks off, or tells what is no message of ours', async () => {
  const broken = await listening();
  broken.line.close();
  await expect(broken.heard.next()).rejects.toMatchObject({ code: 'unreachable', status: 0 });
  const strange = await listening();
  strange.line.text('null');
  await expect(strange.heard.next()).rejects.toMatchObject({ code: 'answer_invalid' });
});

it.each([
  ['completed', 'call_ended'],
  ['ringing', 'call_not_live'],
  ['connected', 'unreachable'],
])('says of a call that is %s, and of which nothing can be heard, %s', async (state, code) => {
  const { rapida, socket } = open(() => ({ id: '9', state }));
  const next = rapida.calls.listen('9').next();
  (await socket()).close();
  await expect(next).rejects.toMatchObject({ code });
});

it('waits no longer for a line than for an answer', async () => {
  const { rapida, socket, letPass } = open();
  const next = rapida.calls.listen('9').next();
  const line = await socket();
  letPass(30_000);
  await expect(next).rejects.toMatchObject({ code: 'timeout' });
  expect(line.isClosed).toBe(true);
});

it('is the caller of a test call: speaks, types, presses keys and hangs up', async () => {
  const { rapida, socket } = open();
  const opened = rapida.assistants.testCall('7', { mode: 'text' });
  const line = await socket();
  line.tell('open');
  const call = await opened;
  expect([call.callId, line.url]).toEqual(['9', 'wss://pbx.example/rapida/v1/test-calls/c?mode=text']);
  call.say('when are you open');
  call.press('5');
  call.speak(Int16Array.of(1, -2));
  call.hangup();
  expect(line.sent).toEqual([
    '{"type":"say","text":"when are you open"}',
    '{"type":"dtmf","digit":"5"}',
    Uint8Array.of(1, 0, 254, 255),
    '{"type":"hangup"}',
  ]);
  line.message({ type: 'ended', state: 'completed', reason: 'caller_hangup', disconnectedBy: 'user' });
  const told = [];
  for await (const one of call) told.push(one.type);
  expect(told).toEqual(['ended']);
});

it('says what to do where the platform has no WebSocket', async () => {
  const rapida = new Rapida({ url: 'http://localhost:8080' });
  vi.stubGlobal('WebSocket', undefined);
  await expect(rapida.calls.listen('9').next()).rejects.toThrow(/^webSocket: this platform has none/);
  vi.unstubAllGlobals();
});

it("gives Node's WebSocket the key as a header, and a browser's never", async () => {
  const made = vi.fn();
  vi.stubGlobal('WebSocket', function platform(...given: unknown[]) {
    made(...given);
    return new FakeWebSocket('', {});
  });
  const rapida = new Rapida({ url: 'http://localhost:8080', apiKey: 'rpd-secret' });
  void rapida.calls.listen('9').next();
  expect(made).toHaveBeenCalledWith('ws://localhost:8080/v1/calls/9/listen', {
    headers: { 'x-api-key': 'rpd-secret' },
  });
  vi.stubGlobal('document', {});
  await expect(rapida.calls.listen('9').next()).rejects.toThrow(/^apiKey: /);
  void new Rapida({ url: 'http://localhost:8080' }).calls.listen('9').next();
  expect(made).toHaveBeenLastCalledWith('ws://localhost:8080/v1/calls/9/listen');
  vi.unstubAllGlobals();
});

import { once } from 'node:events';
import type { SoundOver, SoundStream } from '@rapida/calls';
import { RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ApiUnderTest, createApiUnderTest } from '../testing/api-under-test.js';
import { SESSIONS } from '../testing/fake-sign-in.js';
import { createFakeUseCases, KEYS } from '../testing/fake-use-cases.js';

let api: ApiUnderTest;
let port: number;
afterEach(() => api.close());

/** Gives what the test puts into it. */
class FakeSound implements SoundStream {
  isClosed = false;
  #waiting: ((next: Uint8Array | SoundOver) => void) | undefined;
  readonly #put: (Uint8Array | SoundOver)[] = [];

  put(next: Uint8Array | SoundOver): void {
    if (this.#waiting === undefined) this.#put.push(next);
    else this.#waiting(next);
    this.#waiting = undefined;
  }

  next(): Promise<Uint8Array | SoundOver> {
    const next = this.#put.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  get unread(): number {
    return this.#put.length;
  }

  close(): void {
    this.isClosed = true;
    this.put('closed');
  }
}

async function start(listen: (projectId: string, callId: string) => Promise<SoundStream>): Promise<void> {
  api = createApiUnderTest(createFakeUseCases({ listening: { listen } }));
  ({ port } = await api.listen({ host: '127.0.0.1', port: 0 }));
}

function connect(callId = '11', headers: Readonly<Record<string, string>> = { 'x-api-key': KEYS.calls }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/calls/${callId}/listen`, { headers });
  const heard: unknown[] = [];
  socket.on('message', (data, isBinary) => heard.push(isBinary ? (data as Buffer).length : JSON.parse(String(data))));
  socket.on('error', () => {});
  return { socket, heard, open: once(socket, 'open'), closed: once(socket, 'close') };
}

async function refusal(...given: Parameters<typeof connect>): Promise<[number | undefined, string]> {
  const [, answer] = await once(connect(...given).socket, 'unexpected-response');
  let text = '';
  for await (const chunk of answer) text += chunk;
  return [answer.statusCode, JSON.parse(text).code];
}

const until = (assertion: () => void) => vi.waitFor(assertion, { timeout: 5_000, interval: 5 });

describe('listening to a call', () => {
  it('gives both sides as they are spoken, until the call is over', async () => {
    const sound = new FakeSound();
    await start(async () => sound);
    const page = connect('11', { cookie: `rapida_session=${SESSIONS.calls}`, origin: `http://127.0.0.1:${port}` });
    await page.open;
    sound.put(new Uint8Array(6_400));
    sound.put(new Uint8Array(6_400));
    sound.put('call_ended');
    expect((await page.closed)[0]).toBe(1000);
    expect(page.heard).toEqual([
      { type: 'started', callId: '11', rateHz: 16_000, frameMs: 20, channels: ['caller', 'assistant'] },
      6_400,
      6_400,
      { type: 'ended', reason: 'call_ended' },
    ]);
  });

  it('is over when the page goes', async () => {
    const sound = new FakeSound();
    await start(async () => sound);
    const page = connect();
    await page.open;
    page.socket.close();
    await until(() => expect(sound.isClosed).toBe(true));
  });

  it('loses sound where the page does not keep up, says how much, and waits for nobody', async () => {
    const sound = new FakeSound();
    await start(async () => sound);
    const page = connect();
    await page.open;
    page.socket.pause();
    const pieces = 2_000;
    for (let n = 0; n < pieces; n++) sound.put(new Uint8Array(6_400));
    await until(() => expect(sound.unread).toBe(0));
    page.socket.resume();
    await until(() => expect(page.heard.length).toBeGreaterThan(10));
    sound.put(new Uint8Array(6_400));
    sound.put('call_ended');
    await page.closed;
    const sent = page.heard.filter((one) => one === 6_400).length;
    const dropped = page.heard
      .map((one) => one as { type?: string; ms: number })
      .filter(({ type }) => type === 'dropped');
    expect(sent).toBeLessThan(pieces);
    expect(dropped.reduce((sum, { ms }) => sum + ms, 0)).toBe((pieces + 1 - sent) * 100);
  });

  it('is refused before anything is opened, with the reason', async () => {
    await start(async (_projectId, callId) => {
      throw new RapidaError(callId === '11' ? 'call_not_live' : 'call_not_found');
    });
    expect(await refusal()).toEqual([409, 'call_not_live']);
    expect(await refusal('12')).toEqual([404, 'call_not_found']);
    expect(await refusal('x')).toEqual([404, 'call_not_found']);
    expect(await refusal('11', { 'x-api-key': KEYS.inbound })).toEqual([403, 'key_scope']);
  });
});

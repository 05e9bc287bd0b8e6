import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const WAIT = { timeout: 20_000, interval: 50 };
/** 20 ms of a square wave at 16 kHz, which is speech to a detector that goes by loudness, and of silence. */
const LOUD = Buffer.from(Int16Array.from({ length: 320 }, (_, n) => (n % 40 < 20 ? 8_000 : -8_000)).buffer);
const QUIET = Buffer.alloc(640);

interface Told {
  readonly type: string;
  readonly state?: string;
  readonly reason?: string;
  readonly event?: { readonly type: string; readonly data: { readonly role?: string; readonly text?: string } };
}

/** A page that tries an assistant: what it was told and played. */
class Page {
  readonly told: Told[] = [];
  readonly closed: Promise<number>;
  frames = 0;
  voiced = 0;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = once(socket, 'close').then(([code]) => code);
    socket.on('message', (data, isBinary) => {
      if (!isBinary) return void this.told.push(JSON.parse(String(data)));
      this.frames++;
      if ((data as Buffer).some((byte) => byte !== 0)) this.voiced++;
    });
  }

  static async open({ api, url }: ServerUnderTest, assistantId: string, mode: 'microphone' | 'text') {
    const { path, callId } = await api.send<{ path: string; callId: string }>(
      ...(['POST', `/v1/assistants/${assistantId}/test-calls`, { mode }] as const),
    );
    const socket = new WebSocket(`${url.replace('http', 'ws')}/${path}`, { headers: { 'x-api-key': api.key } });
    const page = new Page(socket);
    await once(socket, 'open');
    return { page, callId };
  }

  send(message: object | Buffer): void {
    this.#socket.send(Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  turns(): string[] {
    return this.told.flatMap(({ event }) => (event?.type === 'turn' ? [`${event.data.role}: ${event.data.text}`] : []));
  }

  hears(turn: RegExp): Promise<void> {
    return vi.waitFor(() => expect(this.turns()).toContainEqual(expect.stringMatching(turn)), WAIT);
  }
}

let server: ServerUnderTest;
let assistantId: string;
beforeAll(async () => {
  server = await startServerUnderTest({ providers: 'own' });
  assistantId = (await server.api.get<{ data: { id: string }[] }>('/v1/assistants')).data[0]?.id ?? '';
});
afterAll(() => server.stop());

describe('the ready assistant, called from a browser', () => {
  it('answers what is typed, through the same ears and voice as by telephone', { timeout: 60_000 }, async () => {
    const { page, callId } = await Page.open(server, assistantId, 'text');
    await page.hears(/^assistant: /);
    page.send({ type: 'say', text: 'when are you open' });
    await page.hears(/^user: when are you open/);
    await vi.waitFor(() => expect(page.turns().filter((turn) => turn.startsWith('assistant'))).toHaveLength(2), WAIT);
    page.send({ type: 'hangup' });
    expect(await page.closed).toBe(1000);
    expect(page.told.filter(({ type }) => type === 'typed').map(({ state }) => state)).toEqual(['speaking', 'spoken']);
    expect(page.told.at(-1)).toMatchObject({ type: 'ended', state: 'completed', reason: 'caller_hangup' });
    expect(page.voiced).toBeGreaterThan(50);
    const call = await server.api.get<Record<string, unknown>>(`/v1/calls/${callId}`);
    expect(call).toMatchObject({ transport: 'browser', format: 'slin16', metadata: { test: 'browser', mode: 'text' } });
    const { data } = await server.api.transcript(callId);
    expect(data.map(({ role, text }) => `${role}: ${text}`)).toEqual(page.turns());
    const metrics = page.told.flatMap(({ event }) => (event?.data as { metrics?: object })?.metrics ?? []);
    expect(JSON.stringify(metrics)).toContain('response_latency_ms');
  });

  it('is paced in real time, hears the microphone, and ends when the page goes', { timeout: 60_000 }, async () => {
    const { page, callId } = await Page.open(server, assistantId, 'microphone');
    await page.hears(/^assistant: /);
    const { frames } = page;
    for (let n = 0; n < 25; n++) {
      page.send(n < 20 ? LOUD : QUIET);
      await vi.waitFor(() => expect(page.frames).toBeGreaterThanOrEqual(frames + n), WAIT);
    }
    // As fast as frames came, not as fast as they were asked for.
    expect(page.frames - frames).toBeLessThan(60);
    page.send({ type: 'hangup' });
    await page.closed;
    expect(await server.api.get(`/v1/calls/${callId}`)).toMatchObject({ state: 'completed', disconnectedBy: 'user' });
  });
});

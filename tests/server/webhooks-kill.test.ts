import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '@rapida/core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callOverAudioSocket } from './support/caller.js';
import { type ServedProcess, serveProcess, temporaryFolder } from './support/command.js';

/** Calls that are over before the kill, and calls that it ends. */
const CALLS_OVER = 4;
const CALLS_HELD = 3;
/** Longer than the server waits for an answer, which is 10 s. */
const LATE_MS = 11_000;
/** Events of a call wait for one another, and one that hangs or is late takes 15 s with its repetition. */
const DELIVERED_MS = 90_000;
/** Callers who were in conversation may come back for a while, before their calls end. */
const CLOSED_MS = 15_000;
const SETTINGS = { WEBHOOKS__ALLOW_PRIVATE: 'true' };

interface Taken {
  readonly id: string;
  readonly callId: string;
  readonly seq: number;
  readonly type: string;
}

interface Told {
  readonly id: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * What it does with an event that it has not seen: `late` takes it and answers when nobody waits any more, and is told
 * again; the others do not take it.
 */
const MOODS = ['fails', 'hangs', 'takes', 'late', 'breaks', 'takes', 'busy'] as const;
type Mood = (typeof MOODS)[number];

/** Takes every event in the end, once: it knows by its id what it was told before. */
class Receiver {
  /** In the order of their first being taken. */
  readonly taken: Taken[] = [];
  readonly told: Told[] = [];
  readonly #moods = new Map<string, Mood>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, answer) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const event: Taken = JSON.parse(body);
        this.told.push({ id: event.id, body, headers: request.headers });
        this.#answer(event, answer);
      });
    });
  }

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Ids of events that met with this. */
  metWith(mood: Mood): string[] {
    return [...this.#moods].filter(([, met]) => met === mood).map(([id]) => id);
  }

  timesTold(id: string): number {
    return this.told.filter((told) => told.id === id).length;
  }

  #answer({ id, callId, seq, type }: Taken, answer: ServerResponse): void {
    const isFirst = !this.#moods.has(id);
    const mood = isFirst ? (MOODS[this.#moods.size % MOODS.length] ?? 'takes') : 'takes';
    if (isFirst) this.#moods.set(id, mood);
    if (mood === 'fails') answer.writeHead(500).end();
    else if (mood === 'busy') answer.writeHead(503, { 'retry-after': '1' }).end();
    else if (mood === 'breaks') answer.destroy();
    else if (mood !== 'hangs') {
      if (!this.taken.some((taken) => taken.id === id)) this.taken.push({ id, callId, seq, type });
      const delayMs = mood === 'late' ? LATE_MS : 0;
      systemClock.setTimer(delayMs, () => answer.writeHead(204).end());
    }
  }
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let receiver: Receiver;
let server: ServedProcess;
let secret: string;

/** Calls that come, are greeted or not, and hang up; and others that go on. */
async function callsCome({ api, ...doors }: ServedProcess): Promise<void> {
  const config = { name: 'told of', greeting: '', silence: { promptAfterMs: 120_000 } };
  const assistant = await api.send<{ id: string }>('POST', '/v1/assistants', config);
  const call = async () => callOverAudioSocket(doors, await api.register(assistant.id));
  const held = await Promise.all(Array.from({ length: CALLS_HELD }, call));
  for (const { contextId } of held) await api.ended(contextId, { state: 'connected' });
  for (let n = 0; n < CALLS_OVER; n++) {
    const caller = await call();
    caller.hangup();
    await caller.ended;
  }
}

/** What the server has on record: `call seq` of every event. */
async function onRecord({ api }: ServedProcess): Promise<string[]> {
  const { data } = await api.get<{ data: { id: string }[] }>('/v1/calls');
  const all = await Promise.all(
    data.map(async ({ id }) => {
      const events = await api.get<{ data: { seq: number }[] }>(`/v1/calls/${id}/events`);
      return events.data.map(({ seq }) => `${id} ${seq}`);
    }),
  );
  return all.flat().sort();
}

beforeAll(async () => {
  folder = await temporaryFolder();
  receiver = new Receiver();
  const url = await receiver.listen();
  const dataDir = join(folder.path, 'killed');
  const first = await serveProcess(dataDir, SETTINGS);
  ({ secret } = await first.api.send<{ secret: string }>('POST', '/v1/webhooks', { url }));
  await callsCome(first);
  // In the middle of it: some were told, some failed, one hangs, and calls are held.
  await vi.waitFor(() => expect(receiver.metWith('late')).not.toEqual([]), { timeout: 10_000, interval: 20 });
  first.child.kill('SIGKILL');
  await first.finished;
  server = await serveProcess(dataDir, SETTINGS);
}, 60_000);

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.finished;
  receiver.close();
  await folder.remove();
});

describe('a receiver that fails, hangs and answers late, across a kill -9', () => {
  it('is told of everything that is on record', { timeout: CLOSED_MS + DELIVERED_MS + 5_000 }, async () => {
    const isAll = async () => expect(await onRecord(server)).toHaveLength(3 * (CALLS_OVER + CALLS_HELD));
    await vi.waitFor(isAll, { timeout: CLOSED_MS, interval: 200 });
    const recorded = await onRecord(server);
    const taken = () => receiver.taken.map(({ callId, seq }) => `${callId} ${seq}`).sort();
    await vi.waitFor(() => expect(taken()).toEqual(recorded), { timeout: DELIVERED_MS, interval: 100 });
    const ends = receiver.taken.filter(({ type }) => type === 'call.failed');
    expect(ends.length).toBeGreaterThanOrEqual(CALLS_HELD);
  });

  it('is told again of what it failed to take, and of what it took too late to say so', {
    timeout: 40_000,
  }, async () => {
    for (const mood of MOODS) {
      expect(receiver.metWith(mood), mood).not.toEqual([]);
      if (mood === 'takes') continue;
      const again = () => receiver.metWith(mood).every((id) => receiver.timesTold(id) > 1);
      await vi.waitFor(() => expect(again(), mood).toBe(true), { timeout: 30_000, interval: 100 });
    }
  });

  it('is told of each event under one id, and of no two under the same', () => {
    const events = new Set(receiver.taken.map(({ callId, seq }) => `${callId} ${seq}`));
    expect(receiver.taken).toHaveLength(events.size);
    expect(new Set(receiver.taken.map(({ id }) => id)).size).toBe(events.size);
    // However often it was told, it was told the same.
    for (const { id, body } of receiver.told) {
      expect(body).toBe(receiver.told.find((told) => told.id === id)?.body);
    }
  });

  it('is told of a call in its order', () => {
    const last = new Map<string, number>();
    for (const { callId, seq } of receiver.taken) {
      expect(seq).toBe((last.get(callId) ?? 0) + 1);
      last.set(callId, seq);
    }
  });

  it('can verify every signature', () => {
    const verifier = new Webhook(secret);
    for (const { body, headers } of receiver.told) {
      expect(() => verifier.verify(body, headers as Record<string, string>)).not.toThrow();
    }
  });
});

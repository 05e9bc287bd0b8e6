import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import type { Api } from './api.js';

interface Told {
  readonly id: string;
  readonly callId: string;
  readonly type: string;
}

/** The steps of a call: not what becomes of its engines, which may be slow on a busy machine. */
const STEPS = ['webhook', 'call.connected', 'call.ended', 'call.failed'];

/** A webhook of somebody who takes everything, and remembers what was told how often. */
export interface Teller {
  registerAt(api: Api): Promise<void>;
  /** Waits until it was told exactly this of a call, in this order, each once. */
  toldInOrder(callId: string, types: readonly string[]): Promise<void>;
  /** Waits until it is on record that everything was told: what the record does not say is told again. */
  allOnRecord(api: Api): Promise<void>;
  close(): Promise<void>;
}

/** On the loopback: the server has to allow that. */
export async function openTeller(): Promise<Teller> {
  const told: Told[] = [];
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Told);
      answer.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  return {
    async registerAt(api) {
      await api.send('POST', '/v1/webhooks', { url, events: STEPS });
    },
    async toldInOrder(callId, types) {
      await vi.waitFor(
        () => expect(told.filter((one) => one.callId === callId).map(({ type }) => type)).toEqual(types),
        { timeout: 15_000, interval: 50 },
      );
    },
    async allOnRecord(api) {
      const pending = () => api.get<{ data: unknown[] }>('/v1/webhooks/deliveries?state=pending');
      await vi.waitFor(async () => expect((await pending()).data).toEqual([]), { timeout: 15_000, interval: 50 });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

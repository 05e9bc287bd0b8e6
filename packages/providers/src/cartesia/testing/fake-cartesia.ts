import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { settle } from '@rapida/core/testing';
import { type WebSocket, WebSocketServer } from 'ws';
import { FAKE_KEY } from '../../wire/testing/speaking.js';
import { errorEvent, type FakeReply, speech } from './fake-replies.js';

/** A generation request as it arrived. */
export type FakeOrder = Readonly<Record<string, unknown>> & {
  readonly context_id: string;
  readonly transcript: string;
};

/**
 * Cartesia's API as its reference describes it, on a port of this machine: `GET /voices` and `/tts/websocket`. It checks key, version
 * and fields, speaks sensibly, and does what it is scripted to where a test wants trouble.
 */
export class FakeCartesia {
  baseUrl = '';
  readonly orders: FakeOrder[] = [];
  readonly cancelled: string[] = [];
  /** Upgrades that were asked for. */
  connections = 0;
  /** Every upgrade waits for this. */
  upgradeAfter: Promise<unknown> = Promise.resolve();
  /** Upgrades are refused with this. */
  upgradeStatus: number | undefined;
  readonly #scripted: FakeReply[] = [];
  #standing: FakeReply = { messages: speech() };
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  /** Also those whose upgrade waits. */
  readonly #connecting = new Set<Duplex>();
  readonly #waiters = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => {
      const status = statusOf(request) ?? (request.url?.startsWith('/voices') ? 200 : 404);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 200 ? { data: [], has_more: false } : { title: 'No', message: 'No' }));
    });
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
  }

  static async start(): Promise<FakeCartesia> {
    const fake = new FakeCartesia();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    fake.baseUrl = `http://127.0.0.1:${(fake.#server.address() as AddressInfo).port}`;
    return fake;
  }

  /** Sockets that are connected now. */
  get open(): number {
    return this.#sockets.clients.size;
  }

  script(...replies: FakeReply[]): void {
    this.#scripted.push(...replies);
  }

  always(reply: FakeReply): void {
    this.#standing = reply;
  }

  /** Resolves when `done` holds; looked at whenever something arrives or a connection ends. */
  until(done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!done()) return;
        this.#waiters.delete(check);
        resolve();
      };
      this.#waiters.add(check);
      check();
    });
  }

  /** As a vendor does that restarts: all connections, without a goodbye. */
  cutAll(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    for (const socket of this.#connecting) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.connections++;
    this.#connecting.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#connecting.delete(socket));
    this.#tell();
    await this.upgradeAfter;
    const isPath = new URL(request.url ?? '/', 'http://fake').pathname === '/tts/websocket';
    const status = this.upgradeStatus ?? statusOf(request) ?? (isPath ? undefined : 404);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    if (socket.destroyed) return;
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data) => this.#take(client, JSON.parse(String(data)) as FakeOrder));
      client.on('close', () => this.#tell());
      this.#tell();
    });
  }

  #take(client: WebSocket, order: FakeOrder): void {
    if (order.cancel === true) this.cancelled.push(order.context_id);
    else {
      this.orders.push(order);
      void this.#answer(client, order);
    }
    this.#tell();
  }

  async #answer(client: WebSocket, order: FakeOrder): Promise<void> {
    const refusal = refuse(order);
    if (refusal !== undefined) return client.send(JSON.stringify(errorEvent(order, 400, refusal)));
    const reply = this.#scripted.shift() ?? this.#standing;
    await reply.after;
    for (const message of reply.messages(order)) {
      if (this.cancelled.includes(order.context_id) || client.readyState !== client.OPEN) return;
      await sendCut(client, typeof message === 'string' ? message : JSON.stringify(message), reply.fragmentBytes);
    }
    if (reply.ending === 'disconnect') client.terminate();
  }

  #tell(): void {
    for (const waiter of this.#waiters) waiter();
  }
}

/** One message in frames of `fragmentBytes`. */
async function sendCut(client: WebSocket, message: string, fragmentBytes: number | undefined): Promise<void> {
  const bytes = Buffer.from(message);
  const step = fragmentBytes ?? bytes.length;
  for (let start = 0; start < bytes.length; start += step) {
    const fin = start + step >= bytes.length;
    client.send(bytes.subarray(start, start + step), { binary: false, fin });
  }
  await settle();
}

function statusOf({ headers }: IncomingMessage): number | undefined {
  if (headers.authorization !== `Bearer ${FAKE_KEY}`) return 401;
  return /^\d{4}-\d\d-\d\d$/.test(String(headers['cartesia-version'])) ? undefined : 400;
}

/** What the reference calls required, and the values it names. */
function refuse(order: FakeOrder): string | undefined {
  const format = order.output_format as Record<string, unknown> | undefined;
  const isFormat = format?.container === 'raw' && format.encoding === 'pcm_s16le' && format.sample_rate === 16_000;
  if (typeof order.context_id !== 'string' || order.context_id === '') return 'context_id is missing';
  if (typeof order.transcript !== 'string' || order.transcript === '') return 'transcript is missing';
  if (typeof order.model_id !== 'string' || !order.model_id.startsWith('sonic')) return 'The model is not valid';
  if ((order.voice as { mode?: unknown } | undefined)?.mode !== 'id') return 'voice is missing';
  return isFormat ? undefined : 'output_format is not valid';
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { AudioSocketConnection } from '../connection.js';
import type { ServerLimits } from '../limits.js';
import { type AudioSocketServer, createAudioSocketServer, type RefusedConnection } from '../server.js';
import { ManualClock } from './manual-clock.js';

export const LOOPBACK = '127.0.0.1';

/** Things that happen, to be awaited one by one in their order. */
export class Arrivals<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  add(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#items.push(item);
    else waiting(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  async take(count: number): Promise<T[]> {
    const items: T[] = [];
    while (items.length < count) items.push(await this.next());
    return items;
  }
}

export interface Loopback {
  readonly clock: ManualClock;
  readonly server: AudioSocketServer;
  readonly port: number;
  readonly connections: Arrivals<AudioSocketConnection>;
  readonly refused: Arrivals<RefusedConnection>;
}

/** A server on a free port of the loopback interface, with time that a test moves. */
export async function listenOnLoopback(limits: Partial<ServerLimits> = {}): Promise<Loopback> {
  const clock = new ManualClock();
  const connections = new Arrivals<AudioSocketConnection>();
  const refused = new Arrivals<RefusedConnection>();
  const server = createAudioSocketServer({
    clock,
    limits,
    onConnection: (connection) => connections.add(connection),
    onRefused: (info) => refused.add(info),
  });
  const { port } = await server.listen({ host: LOOPBACK, port: 0 });
  return { clock, server, port, connections, refused };
}

/** A TCP peer without manners of its own: nothing is answered, errors are not raised. */
export async function rawPeer(port: number): Promise<Socket> {
  const socket = connect({ host: LOOPBACK, port, allowHalfOpen: true, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** Everything a peer receives until the other side closes or resets. */
export async function readToEnd(socket: Socket): Promise<{ bytes: number[]; how: 'end' | 'reset' }> {
  const chunks: Uint8Array[] = [];
  socket.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  socket.resume();
  const how = await new Promise<'end' | 'reset'>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', () => resolve('reset'));
  });
  return { bytes: [...Buffer.concat(chunks)], how };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { MediaConnection } from './connection.js';
import type { MediaConnectionListener } from './connection-types.js';
import { HandClock } from './hand-clock.test.support.js';
import {
  createMediaUpgrader,
  type DecideUpgrade,
  type MediaUpgrader,
  type UpgradeLimits,
  type UpgradeOutcome,
} from './upgrade.js';

/** Lines in order, and a way to wait for one without looking at a clock. */
export class EventLog {
  readonly lines: string[] = [];
  #waiting: Array<{ line: string; times: number; resolve: () => void }> = [];

  push(line: string): void {
    this.lines.push(line);
    this.#waiting = this.#waiting.filter((waiter) => {
      if (this.count(waiter.line) < waiter.times) return true;
      waiter.resolve();
      return false;
    });
  }

  count(line: string): number {
    return this.lines.filter((each) => each === line).length;
  }

  seen(line: string, times = 1): Promise<void> {
    if (this.count(line) >= times) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ line, times, resolve }));
  }
}

export function loggingListener(log: EventLog): MediaConnectionListener {
  return {
    onStart: (start, format) => log.push(`start ${start.format} ${format.frameBytes}`),
    onMedia: (bytes) => log.push(`media ${bytes.length} ${bytes[0]}`),
    onDtmf: (digit) => log.push(`dtmf ${digit}`),
    onMark: (id) => log.push(`mark ${id}`),
    onBufferingCompleted: (id) => log.push(`buffered ${id}`),
    onXoff: () => log.push('xoff'),
    onXon: () => log.push('xon'),
    onDrained: () => log.push('drained'),
    onStatus: (status) => log.push(`status ${status.queueLength}`),
    onPeerError: (text) => log.push(`error ${text}`),
    onClosed: (end) => log.push(`closed ${end.reason} ${end.code ?? '-'}`),
  };
}

export interface Loopback {
  readonly clock: HandClock;
  readonly log: EventLog;
  readonly upgrader: MediaUpgrader;
  readonly url: string;
  readonly port: number;
  readonly connections: MediaConnection[];
  readonly outcomes: Array<Promise<UpgradeOutcome>>;
  /** Opens a foreign WebSocket client and waits until it is open. */
  open(protocols?: string[]): Promise<WebSocket>;
  /** A bare TCP connection to the server. */
  tcp(): Promise<Socket>;
  close(): Promise<void>;
}

/** A real http server on a free port of the loopback, with the upgrader on it. Without `decide` every upgrade is accepted. */
export async function startLoopback(limits: Partial<UpgradeLimits> = {}, decide?: DecideUpgrade): Promise<Loopback> {
  const clock = new HandClock();
  const log = new EventLog();
  const upgrader = createMediaUpgrader({ clock, limits });
  const connections: MediaConnection[] = [];
  const outcomes: Array<Promise<UpgradeOutcome>> = [];
  const acceptAll: DecideUpgrade = () => ({
    accept: (connection) => {
      connections.push(connection);
      return loggingListener(log);
    },
  });
  const server = createServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    outcomes.push(upgrader.accept(request, socket, head, decide ?? acceptAll));
    log.push('upgrade');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    clock,
    log,
    upgrader,
    port,
    url: `ws://127.0.0.1:${port}/v1/talk/asterisk/ctx`,
    connections,
    outcomes,
    async open(protocols = ['media']) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`, protocols);
      await once(socket, 'open');
      return socket;
    },
    async tcp() {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { settle } from '@rapida/core/testing';
import { type WebSocket, WebSocketServer } from 'ws';

export type Json = Readonly<Record<string, unknown>>;

/** One connection to a fake vendor that speaks JSON over a WebSocket. */
export interface FakeConnection {
  send(message: object): void;
  /** Ends the connection with this code. */
  close(code: number): void;
  /** Ends it without a word. */
  cut(): void;
}

export interface FakeJsonSocketOptions {
  /** The status with which the upgrade is refused ({@link NO_ANSWER}: not even that), or undefined to accept it. */
  readonly refuse: (request: IncomingMessage) => number | undefined;
  readonly connected: (connection: FakeConnection, request: IncomingMessage) => (message: Json) => void;
  /** Gemini writes its JSON as binary messages. */
  readonly binary?: true;
}

export interface FakeJsonSocket {
  readonly port: number;
  /** Everything that was received, connection after connection. */
  readonly received: readonly Json[];
  readonly connections: readonly FakeConnection[];
  /** How many are open. */
  readonly open: number;
  /** Resolves when it is true of what was received. */
  until(done: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export const NO_ANSWER = 0;

/** A real server on a port of this machine. */
export async function startFakeJsonSocket(options: FakeJsonSocketOptions): Promise<FakeJsonSocket> {
  const received: Json[] = [];
  const connections: FakeConnection[] = [];
  const server = createServer((_, response) => void response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const status = options.refuse(request);
    if (status === NO_ANSWER) return;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      const connection = connectionOf(accepted, options.binary === true);
      connections.push(connection);
      const listen = options.connected(connection, request);
      accepted.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Json;
        received.push(message);
        listen(message);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    connections,
    get open() {
      return sockets.clients.size;
    },
    async until(done) {
      for (let turn = 0; !done(); turn++) {
        if (turn > TURNS_MAX) throw new Error('it never came');
        await settle();
      }
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const TURNS_MAX = 200_000;

function connectionOf(socket: WebSocket, binary: boolean): FakeConnection {
  return {
    send: (message) => socket.send(Buffer.from(JSON.stringify(message)), { binary }),
    close: (code) => socket.close(code, 'Incorrect key sk-fake-key-0123456789'),
    cut: () => socket.terminate(),
  };
}

import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { settle } from '@rapida/core/testing';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a vendor answers over HTTP: to a request, or to an upgrade that it refuses. */
export interface FakeHttpAnswer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeHandshake {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** A vendor's side of the sockets that are opened at it. */
export interface FakeVendor {
  /** An answer refuses the upgrade. */
  refuse?(handshake: FakeHandshake): FakeHttpAnswer | undefined;
  accept(connection: FakeConnection): void;
  /** `GET` without an upgrade. */
  get?(handshake: FakeHandshake): FakeHttpAnswer;
}

export type FakeMessage = Readonly<Record<string, unknown>>;

/** One accepted socket. */
export interface FakeConnection extends FakeHandshake {
  /** JSON messages in order of arrival. */
  readonly messages: readonly FakeMessage[];
  /** All binary messages joined, and the length of each. */
  readonly sound: () => Buffer;
  readonly soundBytes: readonly number[];
  onMessage(listener: (message: FakeMessage) => void): void;
  onSound(listener: (bytes: Buffer) => void): void;
  send(message: object): void;
  sendRaw(data: string | Buffer): void;
  close(code: number, reason?: string): void;
  /** Without a goodbye. */
  cut(): void;
  /** The close code that the client sent, or 1006. */
  readonly closed: Promise<number>;
}

export interface FakeSockets {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly connections: readonly FakeConnection[];
  readonly handshakes: readonly FakeHandshake[];
  /** From now on every message is sent in frames of so many bytes. */
  fragmentBytes: number | undefined;
  /** Resolves once `done()` is true. */
  until(done: () => boolean): Promise<void>;
  /** From now on upgrades are neither accepted nor refused. */
  stallUpgrades(): void;
  /** From now on upgrades are accepted and nothing is answered, no goodbye either. Resolves when the next one is cut by the client. */
  deafen(): Promise<void>;
  close(): Promise<void>;
}

/** A real server of sockets on a port of this machine. */
export async function startFakeSockets(vendor: FakeVendor): Promise<FakeSockets> {
  const connections: FakeConnection[] = [];
  const handshakes: FakeHandshake[] = [];
  const raw = new Set<Duplex>();
  let isStalling = false;
  let deaf: (() => void) | undefined;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer((request, response) => {
    const handshake = handshakeOf(request.url, request.headers);
    handshakes.push(handshake);
    const { status, body = {}, headers = {} } = vendor.get?.(handshake) ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  server.on('upgrade', (request, socket, head) => {
    raw.add(socket);
    socket.on('error', () => {});
    const handshake = handshakeOf(request.url, request.headers);
    handshakes.push(handshake);
    if (isStalling) return;
    if (deaf !== undefined) return acceptDeaf(socket, request.headers['sec-websocket-key'] ?? '', deaf);
    const refusal = vendor.refuse?.(handshake);
    if (refusal !== undefined) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      const connection = connectionOf(handshake, accepted, () => fake.fragmentBytes);
      connections.push(connection);
      vendor.accept(connection);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeSockets = {
    ...{ origin: `http://127.0.0.1:${port}`, connections, handshakes, fragmentBytes: undefined },
    until: async (done) => {
      while (!done()) await settle();
    },
    stallUpgrades: () => {
      isStalling = true;
    },
    deafen: () =>
      new Promise((resolve) => {
        deaf = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of raw) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function handshakeOf(url = '/', headers: IncomingHttpHeaders): FakeHandshake {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  return { path: pathname, query: searchParams, headers };
}

/** RFC 6455, section 4.2.2, and not a byte more. */
function acceptDeaf(socket: Duplex, key: string, onCut: () => void): void {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const head = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n';
  socket.write(`${head}sec-websocket-accept: ${accept}\r\n\r\n`);
  socket.once('end', onCut);
  socket.resume();
}

function refuse(socket: Duplex, { status, body = {}, headers = {} }: FakeHttpAnswer): void {
  const text = JSON.stringify(body);
  const fields = { 'content-type': 'application/json', 'content-length': String(text.length), ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\n${lines.join('')}\r\n${text}`);
}

function connectionOf(
  handshake: FakeHandshake,
  socket: WebSocket,
  fragmentBytes: () => number | undefined,
): FakeConnection {
  const messages: FakeMessage[] = [];
  const pieces: Buffer[] = [];
  const soundBytes: number[] = [];
  let hear = (_message: FakeMessage): void => {};
  let listen = (_bytes: Buffer): void => {};
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      pieces.push(data);
      soundBytes.push(data.length);
      listen(data);
    } else {
      const message = JSON.parse(data.toString('utf8')) as FakeMessage;
      messages.push(message);
      hear(message);
    }
  });
  socket.on('error', () => {});
  const sendRaw = (data: string | Buffer) => sendIn(socket, data, fragmentBytes());
  return {
    ...handshake,
    ...{ messages, soundBytes, sendRaw },
    sound: () => Buffer.concat(pieces),
    onMessage: (listener) => {
      hear = listener;
    },
    onSound: (listener) => {
      listen = listener;
    },
    send: (message) => sendRaw(JSON.stringify(message)),
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
    closed: new Promise((resolve) => socket.once('close', (code: number) => resolve(code))),
  };
}

function sendIn(socket: WebSocket, data: string | Buffer, fragmentBytes: number | undefined): void {
  if (fragmentBytes === undefined) return socket.send(data);
  const bytes = Buffer.from(data);
  const binary = typeof data !== 'string';
  for (let start = 0; start < bytes.length; start += fragmentBytes) {
    const fin = start + fragmentBytes >= bytes.length;
    socket.send(bytes.subarray(start, start + fragmentBytes), { fin, binary });
  }
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Answer } from './answers.js';
import type { EventSink } from './applications.js';
import type { FakeRequest } from './fake-types.js';

/** How one request goes on: answered, left alone, cut, or served and then cut. */
export type Verdict = Answer | 'hang' | 'reset' | { readonly lost: Answer };

/** What the server asks of the fake behind it. */
export interface ServedBy {
  /** `rawPath` is still encoded. */
  request(request: FakeRequest, rawPath: string, headers: IncomingMessage['headers']): Verdict;
  /** The same for the upgrade of `/events`; `welcome` when it may be opened. */
  events(request: FakeRequest, headers: IncomingMessage['headers']): Verdict | 'welcome';
  opened(sink: EventSink, query: FakeRequest['query']): void;
  closed(sink: EventSink): void;
}

const BODY_BYTES_MAX = 1_048_576;

/** The HTTP server and its event streams, which can be stopped and started on the same port. */
export class HttpSide {
  readonly #served: ServedBy;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: BODY_BYTES_MAX });
  readonly #streams = new Map<WebSocket, EventSink>();
  #port = 0;

  constructor(served: ServedBy) {
    this.#served = served;
    this.#server = createServer((request, response) => this.#request(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    if (this.#server.listening) return;
    await once(this.#server.listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  dropEvents(): void {
    for (const [stream, sink] of this.#streams) {
      // At once, so that what happens next is lost whether or not the socket is closed yet.
      this.#served.closed(sink);
      stream.terminate();
    }
  }

  #request(message: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) message.destroy();
      else chunks.push(chunk);
    });
    message.on('error', () => {});
    message.on('end', () => {
      const read = readRequest(message, Buffer.concat(chunks).toString('utf8'));
      if (read === undefined) return sendAnswer(response, { status: 404 });
      const verdict = this.#served.request(read.request, read.rawPath, message.headers);
      if (verdict === 'hang') return;
      if (verdict === 'reset') message.socket.destroy();
      else if ('lost' in verdict) {
        message.socket.destroy();
        verdict.lost.after?.();
      } else sendAnswer(response, verdict);
    });
  }

  #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    const read = readRequest(message, '');
    socket.on('error', () => {});
    const verdict = read === undefined ? { status: 404 } : this.#served.events(read.request, message.headers);
    if (verdict === 'hang') return;
    if (verdict === 'reset' || (typeof verdict === 'object' && 'lost' in verdict)) {
      socket.destroy();
    } else if (verdict !== 'welcome') {
      const text = verdict.body === undefined ? '' : JSON.stringify(verdict.body);
      const lines = [
        `HTTP/1.1 ${verdict.status} ${STATUS_CODES[verdict.status] ?? 'Error'}`,
        `Content-Length: ${Buffer.byteLength(text)}`,
        'Connection: close',
      ];
      socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
    } else {
      this.#upgrader.handleUpgrade(message, socket, head, (stream) => {
        const sink: EventSink = { send: (text) => stream.send(text) };
        stream.on('error', () => {});
        this.#streams.set(stream, sink);
        stream.on('close', () => {
          this.#streams.delete(stream);
          this.#served.closed(sink);
        });
        this.#served.opened(sink, read?.request.query ?? {});
      });
    }
  }
}

function sendAnswer(response: ServerResponse, { status, body, after }: Answer): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="Asterisk REST Interface"' } : {};
  if (body === undefined) response.writeHead(status, challenge).end();
  else response.writeHead(status, { 'content-type': 'application/json', ...challenge }).end(JSON.stringify(body));
  after?.();
}

/** Undefined for anything that is not below `/ari`. */
function readRequest(message: IncomingMessage, text: string): { request: FakeRequest; rawPath: string } | undefined {
  const [target = '', search = ''] = (message.url ?? '').split(/\?(.*)/s);
  if (!target.startsWith('/ari/')) return undefined;
  const rawPath = target.slice('/ari'.length);
  const query = Object.fromEntries(new URLSearchParams(search));
  try {
    const request = { method: message.method ?? '', path: decodeURIComponent(rawPath), query, body: readBody(text) };
    return { request, rawPath };
  } catch {
    // Not percent-encoded as it should be.
    return undefined;
  }
}

function readBody(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

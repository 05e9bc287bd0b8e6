import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** Azure's recognition over WebSockets as its protocol describes it, on a port of this machine. */
export interface FakeRecognition {
  readonly url: string;
  /** Accepted ones, in order. */
  readonly connections: readonly FakeConnection[];
  /** In order of their beginnings, of all connections. */
  readonly turns: readonly FakeTurn[];
  /** The next turns go this way, later ones sensibly again. */
  script(...scripts: FakeTurnScript[]): void;
  /** All turns from now on go this way. */
  always(script: FakeTurnScript): void;
  /** From now on upgrades are answered with this status; with 0 not at all. */
  refuseWith(status: number): void;
  /** From now on every message is sent in frames of so many bytes. */
  fragmentBytes: number | undefined;
  close(): Promise<void>;
}

export interface FakeConnection {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  /** Bodies of `speech.config`. */
  readonly configs: readonly unknown[];
  close(code: number, reason?: string): void;
  cut(): void;
  /** The code that the client said goodbye with; 1006 without one. */
  readonly closed: Promise<number>;
}

export interface FakeTurn {
  readonly requestId: string;
  readonly context: unknown;
  /** The 44 bytes before the sound. */
  readonly header: Buffer;
  readonly sound: () => Buffer;
  readonly isEnded: boolean;
}

/** What is said, in order: `[path, body]`; a body that is text is sent as it is. */
type Said = readonly [path: string, body?: object | string];

export interface FakeTurnScript {
  /** With the first sound. */
  readonly during?: readonly Said[];
  /** At the end of the sound, before `turn.end`. */
  readonly atEnd?: readonly Said[];
  /** The end waits for this. */
  readonly after?: Promise<unknown>;
  /** Ends the turn with the first sound, by itself. */
  readonly endsEarly?: boolean;
  readonly ending?: 'stall' | 'cut' | { readonly closeCode: number; readonly reason: string };
}

export const FAKE_KEY = '0123456789abcdef0123456789abcdef';
const PATH = '/speech/recognition/conversation/cognitiveservices/v1';

export const hypothesis = (text: string): Said => [
  'speech.hypothesis',
  { Text: text, Offset: 0, Duration: 23_600_000 },
];
export const phrase = (text: string, status = 'Success'): Said => [
  'speech.phrase',
  { RecognitionStatus: status, DisplayText: text, Offset: 0, Duration: 12_300_000 },
];

const SENSIBLE: FakeTurnScript = {
  during: [['speech.startDetected', { Offset: 100_000 }], hypothesis('hello')],
  atEnd: [['speech.endDetected', { Offset: 9_000_000 }], phrase('Hello world.'), phrase('', 'EndOfDictation')],
};

interface State {
  readonly connections: FakeConnection[];
  readonly turns: FakeTurn[];
  readonly scripts: FakeTurnScript[];
  standing: FakeTurnScript;
  refusal: number | undefined;
  fragmentBytes: number | undefined;
}

export async function startFakeRecognition(): Promise<FakeRecognition> {
  const { connections, turns, scripts }: Pick<State, 'connections' | 'turns' | 'scripts'> = {
    ...{ connections: [], turns: [], scripts: [] },
  };
  const state: State = {
    ...{ connections, turns, scripts, standing: SENSIBLE, refusal: undefined, fragmentBytes: undefined },
  };
  const raw = new Set<Duplex>();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    raw.add(socket.on('error', () => {}));
    const status = state.refusal ?? refusalOf(request);
    if (status === 0) return;
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\n\r\n${FAKE_KEY}`);
    sockets.handleUpgrade(request, socket, head, (accepted) => new Conversation(state, request, accepted));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, connections, turns },
    script: (...more) => void scripts.push(...more),
    always: (script) => {
      state.standing = script;
    },
    refuseWith: (status) => {
      state.refusal = status;
    },
    get fragmentBytes() {
      return state.fragmentBytes;
    },
    set fragmentBytes(bytes) {
      state.fragmentBytes = bytes;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of raw) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusalOf({ url = '', headers }: IncomingMessage): number | undefined {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  if (pathname !== PATH) return 404;
  if (headers['ocp-apim-subscription-key'] !== FAKE_KEY) return 401;
  const isNamed = /^[0-9a-f]{32}$/i.test(String(headers['x-connectionid']));
  if (!isNamed || !/^[a-z]{2,3}-[A-Z]{2}$/.test(searchParams.get('language') ?? '')) return 400;
  return undefined;
}

/** One accepted connection: checks what it is sent, and closes as the protocol says where it is wrong. */
class Conversation implements FakeConnection {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly configs: unknown[] = [];
  readonly closed: Promise<number>;
  readonly #state: State;
  readonly #socket: WebSocket;
  readonly #contexts = new Map<string, unknown>();
  readonly #over = new Set<string>();
  /** Of those, the ones that were ended from here. */
  readonly #ended = new Set<string>();
  #turn: { id: string; script: FakeTurnScript; pieces: Buffer[]; seen: { isEnded: boolean } } | undefined;

  constructor(state: State, request: IncomingMessage, socket: WebSocket) {
    this.url = new URL(request.url ?? '', 'http://127.0.0.1');
    this.headers = request.headers;
    this.#state = state;
    this.#socket = socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer, isBinary) => this.#message(data, isBinary));
    state.connections.push(this);
  }

  close(code: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  cut(): void {
    this.#socket.terminate();
  }

  #message(data: Buffer, isBinary: boolean): void {
    const headBytes = isBinary ? data.readUInt16BE(0) : data.indexOf('\r\n\r\n') + 2;
    const start = isBinary ? 2 : 0;
    if (headBytes < 2 || start + headBytes > data.length) return this.close(1007, 'Incorrect message format.');
    const head = data.subarray(start, start + headBytes).toString('latin1');
    const header = (name: string) => new RegExp(`^${name}: (.*)\\r$`, 'mi').exec(head)?.[1] ?? '';
    const [path, id] = [header('Path'), header('X-RequestId')];
    if (!/^[0-9a-f]{32}$/.test(id)) return this.close(1002, 'X-RequestId was not specified in no-dash UUID format.');
    // Sound that was on its way when the turn was ended here.
    if (isBinary && this.#ended.has(id)) return;
    if (this.#over.has(id)) return this.close(1002, 'Reuse of request identifiers is not allowed.');
    if (Number.isNaN(Date.parse(header('X-Timestamp')))) return this.close(1002, 'Missing/Empty header. X-Timestamp.');
    if (isBinary) return this.#sound(path, id, header('Content-Type'), data.subarray(2 + headBytes));
    const body: unknown = JSON.parse(data.subarray(headBytes + 2).toString('utf8'));
    if (path === 'speech.config') this.configs.push(body);
    else if (path === 'speech.context') this.#contexts.set(id, body);
    else this.close(1007, 'Unknown path.');
  }

  #sound(path: string, id: string, type: string, bytes: Buffer): void {
    if (path !== 'audio' || this.configs.length !== 1) return this.close(1002, 'speech.config must be first.');
    if (bytes.length > 8_192) return this.close(1007, 'Audio message is too long.');
    if (this.#turn?.id !== id) return this.#begin(id, type, bytes);
    const { script, pieces, seen } = this.#turn;
    if (bytes.length === 0) {
      seen.isEnded = true;
      void this.#end(id, script);
      return;
    }
    pieces.push(bytes);
    if (pieces.length > 1) return;
    for (const said of script.during ?? []) this.#say(id, said);
    if (script.endsEarly !== true) return;
    this.#ended.add(id);
    this.#turnEnd(id);
  }

  /** What is left of the turn before is thrown away. */
  #begin(id: string, type: string, header: Buffer): void {
    if (type !== 'audio/x-wav' || header.toString('latin1', 0, 4) !== 'RIFF' || header.length !== 44) {
      return this.close(1007, 'The first audio message must contain a valid RIFF header.');
    }
    const pieces: Buffer[] = [];
    const seen = { isEnded: false };
    this.#turn = { id, pieces, seen, script: this.#state.scripts.shift() ?? this.#state.standing };
    this.#state.turns.push({
      ...{ requestId: id, context: this.#contexts.get(id), header },
      sound: () => Buffer.concat(pieces),
      get isEnded() {
        return seen.isEnded;
      },
    });
    this.#say(id, ['turn.start', { context: { serviceTag: '7B33613B91714B32817815DC89633AFA' } }]);
  }

  async #end(id: string, { atEnd = [], after, ending }: FakeTurnScript): Promise<void> {
    await after;
    if (this.#turn?.id !== id || ending === 'stall') return;
    for (const said of atEnd) this.#say(id, said);
    if (ending === 'cut') this.cut();
    else if (ending !== undefined) this.close(ending.closeCode, ending.reason);
    else this.#turnEnd(id);
  }

  #turnEnd(id: string): void {
    this.#turn = undefined;
    this.#over.add(id);
    this.#say(id, ['turn.end']);
  }

  #say(id: string, [path, body]: Said): void {
    if (path === 'raw') return this.#send(String(body));
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    const type = body === undefined ? '' : 'Content-Type:application/json; charset=utf-8\r\n';
    this.#send(`X-RequestId:${id}\r\n${type}Path:${path}\r\n\r\n${body === undefined ? '' : text}`);
  }

  #send(text: string): void {
    const { fragmentBytes } = this.#state;
    if (fragmentBytes === undefined) return this.#socket.send(text);
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += fragmentBytes) {
      const fin = start + fragmentBytes >= bytes.length;
      this.#socket.send(bytes.subarray(start, start + fragmentBytes), { fin, binary: false });
    }
  }
}

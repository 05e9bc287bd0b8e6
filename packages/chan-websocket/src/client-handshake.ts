import { createHash, randomBytes } from 'node:crypto';

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const HEAD_BYTES_MAX = 16_384;
const BODY_BYTES_MAX = 65_536;

export type HandshakeOutcome =
  | { readonly ok: true; readonly protocol: string | undefined }
  | {
      readonly ok: false;
      /** `refused`: an HTTP answer other than 101. `bad_reply`: a 101 that Asterisk would not take, or no HTTP. */
      readonly code: 'refused' | 'bad_reply' | 'connect_failed' | 'timeout' | 'aborted';
      readonly status?: number;
      readonly body?: string;
    };

export interface HandshakeRequest {
  readonly text: string;
  readonly accept: string;
}

/** The request in Asterisk's order of headers: no Origin, no User-Agent, no extensions. */
export function handshakeRequest(
  url: URL,
  protocols: readonly string[],
  headers: Readonly<Record<string, string>>,
): HandshakeRequest {
  const key = randomBytes(16).toString('base64');
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    'Sec-WebSocket-Version: 13',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Host: ${url.host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(protocols.length === 0 ? [] : [`Sec-WebSocket-Protocol: ${protocols.join(',')}`]),
    `Sec-WebSocket-Key: ${key}`,
  ];
  const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64');
  return { text: `${lines.join('\r\n')}\r\n\r\n`, accept };
}

/** Collects the server's answer. Bytes behind a 101 are the first frames. */
export class HandshakeReply {
  readonly #accept: string;
  readonly #protocols: readonly string[];
  #received: Buffer = Buffer.alloc(0);

  constructor(accept: string, protocols: readonly string[]) {
    this.#accept = accept;
    this.#protocols = protocols;
  }

  /** Undefined while the answer is incomplete. */
  push(chunk: Buffer): { outcome: HandshakeOutcome; rest: Buffer } | undefined {
    this.#received = Buffer.concat([this.#received, chunk]);
    return this.#read('more may come');
  }

  /** What the answer was, now that the connection has ended. */
  end(): HandshakeOutcome {
    return (
      this.#read('ended')?.outcome ?? { ok: false, code: this.#received.length > 0 ? 'bad_reply' : 'connect_failed' }
    );
  }

  #read(state: 'more may come' | 'ended'): { outcome: HandshakeOutcome; rest: Buffer } | undefined {
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0 || headEnd > HEAD_BYTES_MAX) {
      if (this.#received.length <= HEAD_BYTES_MAX) return undefined;
      return { outcome: { ok: false, code: 'bad_reply' }, rest: Buffer.alloc(0) };
    }
    const [statusLine = '', ...lines] = this.#received.toString('latin1', 0, headEnd).split('\r\n');
    const rest = this.#received.subarray(headEnd + 4);
    const status = Number(/^HTTP\/1\.1 (\d{3})( |$)/.exec(statusLine)?.[1] ?? 0);
    const headers = toHeaders(lines);
    if (status === 101) return { outcome: this.#judge(headers), rest };
    const length = Math.min(Number(headers.get('content-length') ?? BODY_BYTES_MAX), BODY_BYTES_MAX);
    if (state === 'more may come' && rest.length < length) return undefined;
    const body = rest.toString('utf8', 0, length);
    return {
      outcome: { ok: false, code: status === 0 ? 'bad_reply' : 'refused', status, body },
      rest: Buffer.alloc(0),
    };
  }

  /** A missing subprotocol is taken; an unoffered one, and any extension, is not. */
  #judge(headers: ReadonlyMap<string, string>): HandshakeOutcome {
    const protocol = headers.get('sec-websocket-protocol');
    const good =
      headers.get('upgrade')?.toLowerCase() === 'websocket' &&
      headers.get('connection')?.toLowerCase() === 'upgrade' &&
      headers.get('sec-websocket-accept') === this.#accept &&
      !headers.has('sec-websocket-extensions') &&
      (protocol === undefined || this.#protocols.includes(protocol));
    return good ? { ok: true, protocol } : { ok: false, code: 'bad_reply', status: 101 };
  }
}

function toHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { settle } from '@rapida/core/testing';

/** One HTTP answer of a fake server, down to how it is cut and how it ends. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Size of the pieces the body is written in; in one without it. */
  readonly chunkBytes?: number;
  /** The answer waits for this. */
  readonly after?: Promise<unknown>;
  /** How it goes wrong: before the head, or after the body given here. */
  readonly ending?: 'disconnect-first' | 'stall-first' | 'disconnect' | 'stall';
}

export interface FakeHttpRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Both, as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came; what is signed. */
  readonly text: string;
  /** The parsed JSON body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Resolves when the answer is over: `whole`, or `cut` when one side broke the connection before its end. */
  readonly over: Promise<'whole' | 'cut'>;
}

/** What a vendor does by its documentation. */
export interface FakeVendor {
  /** The vendor's own error, where it would not take the request. */
  refuse(request: FakeHttpRequest): FakeAnswer | undefined;
  answer(request: FakeHttpRequest): FakeAnswer;
}

export interface FakeHttp {
  readonly baseUrl: string;
  /** In order of arrival. */
  readonly requests: readonly FakeHttpRequest[];
  /** The next requests that are not refused are answered with these, later ones by the vendor again. */
  script(...answers: FakeAnswer[]): void;
  /** All requests that are not refused are answered with this from now on. */
  always(answer: FakeAnswer): void;
  /** Resolves when `count` requests have arrived in all. */
  arrived(count: number): Promise<void>;
  /** Also ends what is still being answered. Idempotent. */
  close(): Promise<void>;
}

/** A vendor's HTTP server on a port of this machine: sensible by itself, and in trouble where a test wants it. */
export async function startFakeHttp(vendor: FakeVendor): Promise<FakeHttp> {
  const requests: FakeHttpRequest[] = [];
  const scripted: FakeAnswer[] = [];
  let standing: FakeAnswer | undefined;
  const waiters = new Set<() => void>();

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: target = '/', method = '', headers } = incoming;
    const { pathname: path, searchParams: query } = new URL(target, 'http://fake');
    const over = new Promise<'whole' | 'cut'>((resolve) => {
      outgoing.once('close', () => resolve(outgoing.writableFinished ? 'whole' : 'cut'));
    });
    const text = await readText(incoming);
    const body = jsonIn(text, headers);
    const request = { method, path, query, target, headers, text, body, over };
    requests.push(request);
    const refusal = vendor.refuse(request);
    const answer = refusal ?? scripted.shift() ?? standing ?? vendor.answer(request);
    for (const waiter of waiters) waiter();
    await giveAnswer(outgoing, answer);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    script: (...answers) => void scripted.push(...answers),
    always: (answer) => {
      standing = answer;
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function jsonAnswer(status: number, body: unknown): FakeAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function jsonIn(text: string, headers: IncomingHttpHeaders): Record<string, unknown> {
  const isJson = (headers['content-type'] ?? '').startsWith('application/json');
  return isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
}

/** Writes an answer as it says, with its trouble. */
export async function giveAnswer(outgoing: ServerResponse, answer: FakeAnswer): Promise<void> {
  await answer.after;
  if (answer.ending === 'disconnect-first') return void outgoing.destroy();
  if (answer.ending === 'stall-first') return;
  outgoing.writeHead(answer.status, { ...answer.headers });
  const bytes = Buffer.from(answer.body);
  const chunkBytes = answer.chunkBytes ?? Math.max(1, bytes.length);
  for (let start = 0; start < bytes.length && !outgoing.destroyed; start += chunkBytes) {
    const flushed = outgoing.write(bytes.subarray(start, start + chunkBytes));
    // One turn of the loop each: a client reads together what has arrived together.
    if (answer.chunkBytes !== undefined) await settle();
    if (!flushed) await new Promise<void>((resolve) => outgoing.once('drain', resolve).once('close', resolve));
  }
  if (answer.ending === 'disconnect') {
    // After what was written is on its way.
    await new Promise<void>((resolve) => outgoing.write('', () => resolve()));
    return void outgoing.destroy();
  }
  if (answer.ending === 'stall') return void outgoing.flushHeaders();
  outgoing.end();
}

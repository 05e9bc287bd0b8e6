import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeAnswer } from '../../openai-compatible/testing/fake-answers.js';
import { give } from '../../openai-compatible/testing/fake-openai.js';

/** A server of some vendor on a port of this machine: it refuses what the vendor would, answers sensibly, or as it is scripted. */
export interface FakeVendor {
  readonly origin: string;
  /** In order of arrival. */
  readonly requests: readonly FakeVendorRequest[];
  /** The next requests that are not refused are answered with these, later ones sensibly again. */
  script(...answers: FakeAnswer[]): void;
  /** All requests from now on that are not refused are answered with this. */
  always(answer: FakeAnswer): void;
  /** Resolves when `count` requests have arrived in all. */
  arrived(count: number): Promise<void>;
  /** Also ends what is still being answered. Idempotent. */
  close(): Promise<void>;
}

export interface FakeVendorRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Resolves when the answer is over: `whole`, or `cut` when one side broke the connection before its end. */
  readonly over: Promise<'whole' | 'cut'>;
}

export interface FakeVendorRules {
  /** What the vendor's documentation says is refused; undefined: it is not. */
  readonly refuse: (request: FakeVendorRequest) => FakeAnswer | undefined;
  readonly sensible: (request: FakeVendorRequest) => FakeAnswer;
}

export async function startFakeVendor({ refuse, sensible }: FakeVendorRules): Promise<FakeVendor> {
  const requests: FakeVendorRequest[] = [];
  const scripted: FakeAnswer[] = [];
  const waiters = new Set<() => void>();
  let standing: FakeAnswer | undefined;

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const over = new Promise<'whole' | 'cut'>((resolve) => {
      outgoing.once('close', () => resolve(outgoing.writableFinished ? 'whole' : 'cut'));
    });
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const { method = '', url: path = '', headers } = incoming;
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const request = { method, path, headers, text, body, over };
    requests.push(request);
    const answer = refuse(request) ?? scripted.shift() ?? standing ?? sensible(request);
    for (const waiter of waiters) waiter();
    await give(outgoing, answer);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
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

/** Server-sent events that name their type twice, as Anthropic and OpenAI's Responses do. */
export function typedEvents(events: readonly { readonly type: string }[]): FakeAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  };
}

/** The first that is not undefined: rules of a vendor in the order in which it looks at them. */
export function firstOf<T>(...found: readonly (T | undefined)[]): T | undefined {
  return found.find((one) => one !== undefined);
}

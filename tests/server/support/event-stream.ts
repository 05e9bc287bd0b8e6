import { expect } from 'vitest';
import type { Api } from './api.js';

export interface StreamMessage {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readonly callId: string;
    readonly assistantId: string;
    readonly seq: number | null;
    readonly type: string;
    readonly at: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** Server-Sent Events as a browser reads them: of each message the name, the data and the id. */
export class EventStream {
  readonly messages: StreamMessage[] = [];
  /** How it ended; undefined while it lasts. */
  over: 'ended' | 'broken' | undefined;
  readonly headers: Headers;
  readonly #leave: AbortController;

  constructor(answer: Response, leave: AbortController) {
    this.headers = answer.headers;
    this.#leave = leave;
    void this.#read(answer.body as ReadableStream<Uint8Array>).then(
      () => {
        this.over = 'ended';
      },
      () => {
        this.over = 'broken';
      },
    );
  }

  get types(): string[] {
    return this.messages.map(({ event }) => event);
  }

  /** Numbers of the stored events. */
  get numbers(): number[] {
    return this.messages.flatMap(({ data }) => (data.seq === null ? [] : [data.seq]));
  }

  /** What it was told last, of the reason of its end. */
  get reason(): unknown {
    const last = this.messages.at(-1);
    return last?.event === 'stream.closed' ? last.data.data.reason : undefined;
  }

  leave(): void {
    this.#leave.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const whole = text.split('\n\n');
      text = whole.pop() ?? '';
      for (const message of whole) this.#take(message);
    }
  }

  #take(message: string): void {
    const fields = new Map(
      message
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    this.messages.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) });
  }
}

/** Open when this resolves: what happens from now on is told. */
export async function openEventStream(api: Api, query = '', lastEventId?: string): Promise<EventStream> {
  const leave = new AbortController();
  const headers = { 'x-api-key': api.key, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const answer = await fetch(`${api.url}/v1/calls/stream${query}`, { headers, signal: leave.signal });
  expect(answer.status).toBe(200);
  return new EventStream(answer, leave);
}

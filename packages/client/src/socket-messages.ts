import type { Http } from './http.js';
import type { WebSocketLike } from './web-socket.js';

/** What a consumer leaves lying: of texts so many, of sound what the line says. */
const TEXTS_MAX = 1_000;

export type SocketMessage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** So many were dropped here, because they were not taken. */
  | { readonly kind: 'lost'; readonly bytesLength: number };

export interface SocketLine {
  readonly http: Http;
  readonly path: string;
  /** Sound that waits to be taken; above it the oldest is dropped. */
  readonly soundBytesMax: number;
  readonly signal: AbortSignal | undefined;
}

/** A WebSocket and what has arrived over it, in order, for one consumer. Whoever has it closes it. */
export class SocketMessages {
  readonly #line: SocketLine;
  readonly #socket: WebSocketLike;
  readonly #waiting: (string | Uint8Array)[] = [];
  #texts = 0;
  #soundBytes = 0;
  #lostBytes = 0;
  #state: 'connecting' | 'open' | 'over' = 'connecting';
  #changed: () => void = () => {};
  readonly #abort = (): void => this.close();

  private constructor(line: SocketLine) {
    this.#line = line;
    this.#socket = line.http.socket(line.path);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('open', () => this.#become('open'));
    this.#socket.addEventListener('close', () => this.#become('over'));
    // What was wrong is not told to programs; the end is told by itself.
    this.#socket.addEventListener('error', () => {});
    this.#socket.addEventListener('message', (event) => this.#take((event as MessageEvent<unknown>).data));
    line.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Resolves when it is open; rejects with `timeout`, with `unreachable` whatever refused it, or with the reason of the signal. */
  static async open(line: SocketLine): Promise<SocketMessages> {
    const { http, signal } = line;
    signal?.throwIfAborted();
    const messages = new SocketMessages(line);
    let isLate = false;
    const timer = http.clock.setTimer(http.timeoutMs, () => {
      isLate = true;
      messages.close();
    });
    while (messages.#state === 'connecting') await messages.#change();
    timer.cancel();
    if (messages.#state === 'open') return messages;
    messages.close();
    signal?.throwIfAborted();
    throw isLate ? http.silent() : http.brokenOff(undefined);
  }

  /** The next one; undefined where the other side has closed. Rejects with the reason of the signal. */
  async next(): Promise<SocketMessage | undefined> {
    for (;;) {
      this.#line.signal?.throwIfAborted();
      if (this.#lostBytes > 0) return { kind: 'lost', bytesLength: this.#forgetLost() };
      const message = this.#waiting.shift();
      if (message !== undefined) return this.#given(message);
      if (this.#state === 'over') return undefined;
      await this.#change();
    }
  }

  /** After the end it does nothing. */
  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#state === 'open') this.#socket.send(data);
  }

  /** Idempotent. */
  close(): void {
    this.#line.signal?.removeEventListener('abort', this.#abort);
    this.#socket.close();
    this.#become('over');
  }

  #take(data: unknown): void {
    if (this.#state === 'over') return;
    if (typeof data === 'string') {
      this.#texts++;
      this.#waiting.push(data);
      if (this.#texts > TEXTS_MAX) return this.close();
    } else if (data instanceof ArrayBuffer) {
      this.#soundBytes += data.byteLength;
      this.#waiting.push(new Uint8Array(data));
      while (this.#soundBytes > this.#line.soundBytesMax) this.#dropOldestSound();
    }
    this.#changed();
  }

  #dropOldestSound(): void {
    const place = this.#waiting.findIndex((one) => typeof one !== 'string');
    const [oldest] = this.#waiting.splice(place, 1) as Uint8Array[];
    this.#soundBytes -= oldest?.length ?? this.#soundBytes;
    this.#lostBytes += oldest?.length ?? 0;
  }

  #forgetLost(): number {
    const lost = this.#lostBytes;
    this.#lostBytes = 0;
    return lost;
  }

  #given(message: string | Uint8Array): SocketMessage {
    if (typeof message === 'string') {
      this.#texts--;
      return { kind: 'text', text: message };
    }
    this.#soundBytes -= message.length;
    return { kind: 'bytes', bytes: message };
  }

  #become(state: 'open' | 'over'): void {
    if (this.#state !== 'over') this.#state = state;
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}

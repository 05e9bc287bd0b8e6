import type { WebSocketLike } from '../web-socket.js';

type Listener = (event: unknown) => void;

/** A WebSocket whose other side is the test. */
export class FakeWebSocket implements WebSocketLike {
  binaryType = 'blob';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sent: (string | Uint8Array)[] = [];
  isClosed = false;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.url = url;
    this.headers = headers;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.tell('close');
  }

  tell(type: 'open' | 'error' | 'close'): void {
    this.#told(type, {});
  }

  message(data: object): void {
    this.#told('message', { data: JSON.stringify(data) });
  }

  text(data: string): void {
    this.#told('message', { data });
  }

  sound(...samples: readonly number[]): void {
    this.#told('message', { data: Int16Array.from(samples).buffer });
  }

  #told(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}

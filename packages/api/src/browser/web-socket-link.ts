import type { BrowserLink, BrowserLinkEnd, BrowserListener, Clock, Timer } from '@rapida/core';
import type { RawData, WebSocket } from 'ws';

/** Unsent sound above which more is refused: two seconds of stereo. */
export const SOUND_BYTES_MAX = 131_072;
/** Unsent bytes at which a browser is cut: its texts cannot be lost. */
export const QUEUED_BYTES_MAX = 1_048_576;
/** How long sound may be refused before the browser is cut. */
export const STALLED_MS_MAX = 10_000;
/** How long the browser may take for its half of the closing handshake. */
export const CLOSE_MS_MAX = 2_000;
const NORMAL = 1000;
const TRY_LATER = 1013;
/** What a page that goes away or closes sends; 1005: without a code. */
const LEFT: readonly number[] = [1000, 1001, 1005];

/** Takes an open WebSocket over. */
export function webSocketLink(socket: WebSocket, clock: Clock): BrowserLink {
  return new WebSocketLink(socket, clock);
}

class WebSocketLink implements BrowserLink {
  readonly closed: Promise<BrowserLinkEnd>;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  #listener: BrowserListener | undefined;
  /** The first cause counts. */
  #cause: BrowserLinkEnd | undefined;
  #refusedSinceMs: number | undefined;
  #closing: Timer | undefined;

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    // Until somebody listens nothing is read.
    socket.pause();
    this.closed = new Promise((resolve) => {
      socket.once('close', (code) => {
        this.#closing?.cancel();
        this.#cause ??= LEFT.includes(code)
          ? { by: 'browser', reason: 'closed' }
          : { by: 'fault', reason: 'connection_lost' };
        resolve(this.#cause);
      });
    });
    socket.on('error', () => this.#cut({ by: 'fault', reason: 'connection_lost' }));
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
  }

  listen(listener: BrowserListener): void {
    this.#listener = listener;
    this.#socket.resume();
  }

  sendBinary(bytes: Uint8Array): boolean {
    if (!this.#isOpen()) return false;
    if (this.#socket.bufferedAmount > SOUND_BYTES_MAX) {
      const nowMs = this.#clock.nowMs();
      this.#refusedSinceMs ??= nowMs;
      if (nowMs - this.#refusedSinceMs >= STALLED_MS_MAX) this.#cut({ by: 'fault', reason: 'peer_not_reading' });
      return false;
    }
    this.#refusedSinceMs = undefined;
    this.#socket.send(bytes);
    return true;
  }

  sendText(text: string): void {
    if (!this.#isOpen()) return;
    if (this.#socket.bufferedAmount > QUEUED_BYTES_MAX) return this.#cut({ by: 'fault', reason: 'peer_not_reading' });
    this.#socket.send(text);
  }

  close(): void {
    if (!this.#isOpen() || this.#closing !== undefined) return;
    this.#cause ??= { by: 'us', reason: 'closed' };
    this.#socket.resume();
    this.#socket.close(NORMAL);
    this.#closing = this.#clock.setTimer(CLOSE_MS_MAX, () => this.#socket.terminate());
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #cut(cause: BrowserLinkEnd): void {
    this.#cause ??= cause;
    if (this.#isOpen()) this.#socket.close(TRY_LATER);
    this.#socket.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#listener === undefined || this.#cause !== undefined) return;
    try {
      const bytes = bytesOf(data);
      if (isBinary) this.#listener.onBinary(bytes);
      else this.#listener.onText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    } catch {
      this.#cut({ by: 'fault', reason: 'listener_failed' });
    }
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/**
 * A WebSocket to a browser: whole messages both ways, bounded, nothing of it ever waited for. What a listener throws ends
 * this link and nothing else.
 */
export interface BrowserLink {
  /** Called once. Nothing arrives before. */
  listen(listener: BrowserListener): void;
  /** False: not sent, the browser does not read. One that goes on not reading is cut. */
  sendBinary(bytes: Uint8Array): boolean;
  /** Texts are not to be lost: a browser that does not read them is cut. */
  sendText(text: string): void;
  /** Closes in the protocol's own way. Idempotent. */
  close(): void;
  /** Resolves exactly once, never rejects. */
  readonly closed: Promise<BrowserLinkEnd>;
}

export interface BrowserListener {
  /** Valid during the call only: copy what is kept. */
  onBinary(bytes: Uint8Array): void;
  onText(text: string): void;
}

export interface BrowserLinkEnd {
  readonly by: 'browser' | 'us' | 'fault';
  /** A stable word, e.g. `closed`, `connection_lost`, `peer_not_reading`. */
  readonly reason: string;
}

/** A voice for somebody who types: speaks one text, in 16 kHz. */
export type SpeakText = (text: string, signal: AbortSignal) => AsyncIterable<Int16Array>;

import type { BrowserLink, BrowserLinkEnd, BrowserListener } from '@rapida/core';

/** A browser as the far end of a link: what was sent to it, and what it sends. */
export class FakeBrowser implements BrowserLink {
  readonly closed: Promise<BrowserLinkEnd>;
  readonly binary: Uint8Array[] = [];
  readonly texts: unknown[] = [];
  isReading = true;
  isClosed = false;
  #listener: BrowserListener | undefined;
  #end: (end: BrowserLinkEnd) => void = () => {};

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  listen(listener: BrowserListener): void {
    this.#listener = listener;
  }

  sendBinary(bytes: Uint8Array): boolean {
    if (this.isReading) this.binary.push(Uint8Array.from(bytes));
    return this.isReading;
  }

  sendText(text: string): void {
    this.texts.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
    this.end({ by: 'us', reason: 'closed' });
  }

  speaks(bytes: Uint8Array): void {
    this.#listener?.onBinary(bytes);
  }

  says(message: unknown): void {
    this.#listener?.onText(typeof message === 'string' ? message : JSON.stringify(message));
  }

  end(end: BrowserLinkEnd): void {
    this.#end(end);
  }
}

/** Holds binary messages that overtake `MEDIA_START` (seen on Asterisk 22.7). Bounded in bytes and in count; the oldest is dropped. */
export class EarlyMedia {
  readonly #bytesMax: number;
  readonly #messagesMax: number;
  #messages: Uint8Array[] = [];
  #bytes = 0;

  constructor(bytesMax: number, messagesMax: number) {
    this.#bytesMax = bytesMax;
    this.#messagesMax = messagesMax;
  }

  /** Keeps a copy, since a small view would pin the whole chunk of the socket. Returns how many messages were dropped for it. */
  push(message: Uint8Array): number {
    if (message.length > this.#bytesMax) return 1;
    this.#messages.push(Uint8Array.from(message));
    this.#bytes += message.length;
    let dropped = 0;
    while (this.#bytes > this.#bytesMax || this.#messages.length > this.#messagesMax) {
      this.#bytes -= this.#messages.shift()?.length ?? 0;
      dropped += 1;
    }
    return dropped;
  }

  /** All messages in order of arrival; nothing is held afterwards. */
  take(): Uint8Array[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    return messages;
  }
}

import { type Clock, RATE_HZ, RapidaError, type Timer } from '@rapida/core';
import type { PieceSound } from './spoken-pieces.js';
import { protocolError } from './vendor-errors.js';
import type { VendorTimeouts } from './vendor-http.js';

/** Sound of one piece. A socket is not slowed down by a slow reader, so it has an end of its own. */
export const PIECE_SOUND_MS_MAX = 300_000;

const SAMPLES_MAX = (PIECE_SOUND_MS_MAX / 1_000) * RATE_HZ;

/**
 * What a socket tells of one piece, until it is read: once, by one reader. The reader's patience is counted while it waits: `answerMs` for
 * the beginning, `stallMs` between two events.
 */
export class SoundInbox implements AsyncIterable<PieceSound> {
  readonly #clock: Clock;
  readonly #timeouts: VendorTimeouts;
  readonly #events: PieceSound[] = [];
  #samples = 0;
  #over: 'no' | 'ended' | RapidaError = 'no';
  #wake: (() => void) | undefined;
  #whenOver = () => {};
  /** Resolves when nothing more will come, whatever the reason. */
  readonly over: Promise<void>;

  constructor(clock: Clock, timeouts: VendorTimeouts) {
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.over = new Promise((resolve) => {
      this.#whenOver = resolve;
    });
  }

  push(event: PieceSound): void {
    if (this.#over !== 'no') return;
    if (event.type === 'audio') {
      if (event.samples.length === 0) return;
      this.#samples += event.samples.length;
      if (this.#samples > SAMPLES_MAX) {
        this.fail(protocolError(`The provider sent more than ${PIECE_SOUND_MS_MAX} ms of sound for one piece`));
        return;
      }
    }
    this.#events.push(event);
    this.#rouse();
  }

  end(): void {
    this.#settle('ended');
  }

  /** Thrown to the reader after what came before. */
  fail(error: RapidaError): void {
    this.#settle(error);
  }

  /** Nobody wants it any more: whoever reads is at its end. A failure stays one. */
  letGo(): void {
    this.#events.length = 0;
    this.#settle('ended');
  }

  /** Why it is over, where it did not end well; impatience of the reader included. */
  get failure(): RapidaError | undefined {
    return this.#over instanceof RapidaError ? this.#over : undefined;
  }

  /** Resolves with the first event, or with the end; rejects with the failure where there was nothing before it. */
  async begun(): Promise<void> {
    while (this.#events.length === 0) {
      if (this.#isAtEnd()) return;
      await this.#change(this.#timeouts.answerMs);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PieceSound, void, undefined> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else if (this.#isAtEnd()) return;
      else await this.#change(this.#timeouts.stallMs);
    }
  }

  /** Throws the failure. */
  #isAtEnd(): boolean {
    if (this.#over instanceof RapidaError) throw this.#over;
    return this.#over === 'ended';
  }

  async #change(limitMs: number): Promise<void> {
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = this.#clock.setTimer(limitMs, () => this.fail(new RapidaError('provider_timeout')));
    });
    timer?.cancel();
    this.#wake = undefined;
  }

  #settle(how: 'ended' | RapidaError): void {
    if (this.#over !== 'no') return;
    this.#over = how;
    this.#whenOver();
    this.#rouse();
  }

  #rouse(): void {
    this.#wake?.();
  }
}

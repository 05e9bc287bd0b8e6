import { type Clock, RapidaError, type Timer } from '@rapida/core';

export interface AskedEndsOptions {
  readonly clock: Clock;
  /** An end that is not answered for so long fails the stream. */
  readonly stallMs: number;
  /**
   * For vendors that need not answer where nothing was said: asked `emptyMs` after an end, about the sound between the two places. Where
   * it is true, the end counts as answered.
   */
  readonly mayBeEmpty?: (fromMs: number, untilMs: number) => boolean;
  readonly emptyMs?: number;
  /** The oldest end is answered. */
  readonly onEnd: () => void;
  readonly onStalled: (failure: RapidaError) => void;
}

interface End {
  /** Its place in all the sound that was sent. */
  readonly untilMs: number;
  readonly askedAtMs: number;
}

/** Vendors' times are of words and windows, not of samples. */
const SLACK_MS = 100;

/**
 * The ends of segments that a vendor was asked for, oldest first, and what counts as an answer. Their number is bounded by who asks
 * (`SEGMENTS_OPEN_MAX`). A vendor that answers late, or not at all, does not shift the texts of later segments: whatever it says is
 * compared with the place of the ends in the sound.
 */
export class AskedEnds {
  readonly #options: AskedEndsOptions;
  readonly #ends: End[] = [];
  /** Up to here everything is answered: what is said about it comes too late. */
  #answeredMs = 0;
  /** Ends that counted as answered without an answer, since the last text: a late one may still come. */
  #givenUp = 0;
  #timer: Timer | undefined;

  constructor(options: AskedEndsOptions) {
    this.#options = options;
  }

  /** `untilMs`: how much sound was sent until here, in all. */
  ask(untilMs: number): void {
    this.#ends.push({ untilMs, askedAtMs: this.#options.clock.nowMs() });
    if (this.#ends.length === 1) this.#arm();
  }

  /**
   * Something was said about sound that ends at `untilMs`; undefined where it has no place, because it has no words. False where it
   * comes too late. What lies behind an asked end answers that end.
   */
  isWanted(untilMs: number | undefined): boolean {
    if (untilMs === undefined) return this.#givenUp === 0;
    if (this.#givenUp > 0 && untilMs <= this.#answeredMs + SLACK_MS) return false;
    this.#givenUp = 0;
    while (this.#ends[0] !== undefined && untilMs > this.#ends[0].untilMs + SLACK_MS) this.answer();
    return true;
  }

  get isAsked(): boolean {
    return this.#ends.length > 0;
  }

  /** The oldest end is answered; nothing where none is. */
  answer(): void {
    const end = this.#ends.shift();
    if (end === undefined) return;
    this.#answeredMs = end.untilMs;
    this.#arm();
    this.#options.onEnd();
  }

  close(): void {
    this.#ends.length = 0;
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer?.cancel();
    const [oldest] = this.#ends;
    if (oldest === undefined) return;
    const { clock, stallMs, mayBeEmpty, emptyMs = stallMs } = this.#options;
    const waitedMs = clock.nowMs() - oldest.askedAtMs;
    this.#timer = clock.setTimer(Math.min(emptyMs, stallMs) - waitedMs, () => {
      if (mayBeEmpty?.(this.#answeredMs, oldest.untilMs) === true) this.#giveUp();
      else this.#timer = clock.setTimer(stallMs - emptyMs, () => this.#stalled());
    });
  }

  #giveUp(): void {
    this.#givenUp++;
    this.answer();
  }

  #stalled(): void {
    this.close();
    this.#options.onStalled(new RapidaError('provider_timeout', 'The provider did not answer the end of a segment'));
  }
}

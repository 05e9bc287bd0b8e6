import type { Clock, Timer } from '@rapida/core';

/** Notices that a provider has gone silent: fires once when `fed` was not called for `limitMs` while it was armed. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onStall: () => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, limitMs: number, onStall: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onStall = onStall;
  }

  /** Starts, or starts again, to wait. */
  fed(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(this.#limitMs, () => {
      this.#timer = undefined;
      this.#onStall();
    });
  }

  /** Nothing is expected (any more). Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

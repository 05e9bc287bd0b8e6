import { type Playout, RATE_HZ } from '@rapida/core';

/**
 * Gives the model's sound to the playout: of the one answer that is wanted, and of no other. Sound comes faster than it is heard;
 * how much of it waits is the playout's bound.
 */
export class Mouth {
  readonly #playout: Playout;
  #answer: number | undefined;
  #samples = 0;

  constructor(playout: Playout) {
    this.#playout = playout;
  }

  /** Sound of this answer may come. */
  expect(answer: number): void {
    this.#answer = answer;
    this.#samples = 0;
  }

  /** `tell` hears how much sound there is before the playout has it. `full`: more waits than the playout keeps. */
  hear(answer: number, samples: Int16Array, tell: (soundMs: number) => void): 'taken' | 'unwanted' | 'full' {
    if (this.#answer !== answer || samples.length === 0) return 'unwanted';
    const begins = this.#samples === 0;
    this.#samples += samples.length;
    tell((this.#samples * 1000) / RATE_HZ);
    // What was told may have been answered by silence.
    if (this.#answer !== answer) return 'unwanted';
    if (begins) this.#playout.begin(answer);
    return this.#playout.write(answer, samples) ? 'taken' : 'full';
  }

  /** No more sound comes for it. */
  end(answer: number): void {
    if (this.#answer !== answer) return;
    this.#answer = undefined;
    if (this.#samples > 0) this.#playout.end(answer);
  }

  /** Nothing is wanted any more. */
  drop(): void {
    this.#answer = undefined;
  }
}

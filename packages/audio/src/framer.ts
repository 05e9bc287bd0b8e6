/**
 * Cuts a stream that arrives in any chunking into frames of exactly `frameSamples`. Holds less than one frame. Every
 * emitted frame is a fresh array that the receiver may keep and change; the pushed chunk is not kept.
 */
export class Framer {
  readonly #frameSamples: number;
  #held: Int16Array;
  #count = 0;

  /** RangeError unless `frameSamples` is a positive integer. */
  constructor(frameSamples: number) {
    if (!Number.isInteger(frameSamples) || frameSamples < 1) throw new RangeError(`no frame size: ${frameSamples}`);
    this.#frameSamples = frameSamples;
    this.#held = new Int16Array(frameSamples);
  }

  /** Samples that wait for the rest of their frame. */
  get heldSamples(): number {
    return this.#count;
  }

  /** Calls `emit` for every frame that `samples` completes, before it returns. */
  push(samples: Int16Array, emit: (frame: Int16Array) => void): void {
    let position = 0;
    while (position < samples.length) {
      const taken = Math.min(this.#frameSamples - this.#count, samples.length - position);
      this.#held.set(samples.subarray(position, position + taken), this.#count);
      position += taken;
      this.#count += taken;
      if (this.#count === this.#frameSamples) this.#emitHeld(emit);
    }
  }

  /** Emits what is held, filled up with zeros; nothing when nothing is held. A new stream may follow. */
  flush(emit: (frame: Int16Array) => void): void {
    if (this.#count > 0) this.#emitHeld(emit);
  }

  #emitHeld(emit: (frame: Int16Array) => void): void {
    const frame = this.#held;
    this.#held = new Int16Array(this.#frameSamples);
    this.#count = 0;
    emit(frame);
  }
}

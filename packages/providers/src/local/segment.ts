import { Resampler } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import { RECOGNISER_RATE_HZ } from './recogniser.js';

/** A phrase is shorter than this; of a longer segment the beginning is forgotten. */
export const SEGMENT_MS_MAX = 20_000;
const SAMPLES_MAX = (SEGMENT_MS_MAX * RECOGNISER_RATE_HZ) / 1000;
const DITHER_LSB = 16;

/** The sound of one utterance at the recogniser's rate, at most 20 s of it (640 kB). */
export class Segment {
  readonly #resampler = new Resampler({ fromHz: RATE_HZ, toHz: RECOGNISER_RATE_HZ });
  #samples = new Float32Array(2 * RECOGNISER_RATE_HZ);
  #length = 0;
  #seed = 1;

  get ms(): number {
    return (this.#length * 1000) / RECOGNISER_RATE_HZ;
  }

  /** Returns how many ms had to be forgotten. */
  append(samples16k: Int16Array): number {
    const added = this.#resampler.process(samples16k);
    const excess = Math.max(0, this.#length + added.length - SAMPLES_MAX);
    if (excess > 0) {
      this.#samples.copyWithin(0, excess, this.#length);
      this.#length -= excess;
    }
    this.#reserve(this.#length + added.length);
    for (const sample of added) this.#samples[this.#length++] = (sample === 0 ? this.#dither() : sample) / 32768;
    return (excess * 1000) / RECOGNISER_RATE_HZ;
  }

  /** A view of what is there, valid until the next `append`. */
  samples(): Float32Array {
    return this.#samples.subarray(0, this.#length);
  }

  #reserve(length: number): void {
    if (length <= this.#samples.length) return;
    const grown = new Float32Array(Math.min(SAMPLES_MAX, Math.max(length, this.#samples.length * 2)));
    grown.set(this.#samples.subarray(0, this.#length));
    this.#samples = grown;
  }

  // Digital silence has no spectrum, which ruins the mean over the utterance. Seeded: the same sound, the same result.
  #dither(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((this.#seed / 2 ** 31 - 1) * DITHER_LSB);
  }
}

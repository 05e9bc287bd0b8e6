import type { RateFilter } from './resample-filter.js';
import { CROSSINGS, windowedSinc } from './resample-sinc.js';
import { saturate } from './saturate.js';

// With one rate twice the other, the sinc is zero at every second tap but the middle one. What is left is one phase that
// only delays and one of 40 symmetric taps, which are added in pairs before they are multiplied.
const TAPS = 2 * CROSSINGS;

// Input is worked off in pieces of this size, so that the state does not grow with the caller's chunk. A multiple of 8:
// half of it is whole groups of the four that `sumPairs` computes at once.
const BLOCK_SAMPLES = 512;

/** 1:2. The input's own samples, and between any two of them the 40 around. */
export class HalfBandDoubler implements RateFilter {
  readonly #taps = halfBandTaps();
  /** `TAPS - 1` samples of the past, then one block. */
  readonly #line = new Float64Array(TAPS - 1 + BLOCK_SAMPLES);
  readonly #sums = new Float64Array(BLOCK_SAMPLES);

  process(input: Int16Array, output: Int16Array): void {
    const line = this.#line;
    const sums = this.#sums;
    for (let start = 0; start < input.length; start += BLOCK_SAMPLES) {
      const block = Math.min(BLOCK_SAMPLES, input.length - start);
      for (let i = 0; i < block; i++) line[TAPS - 1 + i] = input[start + i] as number;
      sumPairs(this.#taps, line, 0, block, sums);
      for (let i = 0, at = 2 * start; i < block; i++, at += 2) {
        output[at] = line[CROSSINGS - 1 + i] as number;
        output[at + 1] = saturate(sums[i] as number);
      }
      line.copyWithin(0, block, block + TAPS - 1);
    }
  }

  reset(): void {
    this.#line.fill(0);
  }
}

/** 2:1. Every second sample of the stream from the first on, delayed, and the 40 others around it. */
export class HalfBandHalver implements RateFilter {
  readonly #taps = halfBandTaps();
  /** The samples that only are delayed: `CROSSINGS` of the past, then half a block. */
  readonly #middles = new Float64Array(CROSSINGS + BLOCK_SAMPLES / 2);
  /** Those between them: `TAPS` of the past, then half a block. */
  readonly #others = new Float64Array(TAPS + BLOCK_SAMPLES / 2);
  readonly #sums = new Float64Array(BLOCK_SAMPLES / 2);

  /** `position` 1: the input begins between two middles, and goes on to do so in every block, because blocks are even. */
  process(input: Int16Array, output: Int16Array, position: number): void {
    const middles = this.#middles;
    const others = this.#others;
    const sums = this.#sums;
    let written = 0;
    for (let start = 0; start < input.length; start += BLOCK_SAMPLES) {
      const end = Math.min(start + BLOCK_SAMPLES, input.length);
      let middle = CROSSINGS;
      let other = TAPS;
      for (let i = start + position; i < end; i += 2) middles[middle++] = input[i] as number;
      for (let i = start + 1 - position; i < end; i += 2) others[other++] = input[i] as number;
      const outputs = middle - CROSSINGS;
      sumPairs(this.#taps, others, position, outputs, sums);
      for (let i = 0; i < outputs; i++) {
        output[written++] = saturate(((middles[i] as number) + (sums[i] as number)) / 2);
      }
      middles.copyWithin(0, outputs, middle);
      others.copyWithin(0, other - TAPS, other);
    }
  }

  reset(): void {
    this.#middles.fill(0);
    this.#others.fill(0);
  }
}

/** One half of the symmetric taps, outermost first; all of them add up to 1, so a constant stays constant. */
function halfBandTaps(): Float64Array {
  const half = Float64Array.from({ length: CROSSINGS }, (_, k) => windowedSinc(CROSSINGS - 0.5 - k));
  const sum = half.reduce((total, tap) => total + tap, 0);
  return half.map((tap) => tap / (2 * sum));
}

/**
 * `sums[n]` becomes the taps applied to the `TAPS` samples from `line[from + n]` on. Four at once, which share each tap
 * and pass samples on to each other: memory is read three times for four products. That may compute up to three sums too
 * many, of samples long gone, in the part of `sums` that nobody reads.
 */
function sumPairs(taps: Float64Array, line: Float64Array, from: number, count: number, sums: Float64Array): void {
  for (let n = 0; n < count; n += 4) {
    let early = from + n;
    let late = early + TAPS - 1;
    let early0 = line[early] as number;
    let early1 = line[early + 1] as number;
    let early2 = line[early + 2] as number;
    let late1 = line[late + 1] as number;
    let late2 = line[late + 2] as number;
    let late3 = line[late + 3] as number;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k < CROSSINGS; k++) {
      const tap = taps[k] as number;
      const early3 = line[early + 3] as number;
      const late0 = line[late] as number;
      sum0 += tap * (early0 + late0);
      sum1 += tap * (early1 + late1);
      sum2 += tap * (early2 + late2);
      sum3 += tap * (early3 + late3);
      early0 = early1;
      early1 = early2;
      early2 = early3;
      late3 = late2;
      late2 = late1;
      late1 = late0;
      early++;
      late--;
    }
    sums[n] = sum0;
    sums[n + 1] = sum1;
    sums[n + 2] = sum2;
    sums[n + 3] = sum3;
  }
}

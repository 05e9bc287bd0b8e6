import type { RateFilter } from './resample-filter.js';
import { CROSSINGS, windowedSinc } from './resample-sinc.js';
import { saturate } from './saturate.js';

// Input is worked off in pieces of this size, so that the state does not grow with the caller's chunk.
const BLOCK_SAMPLES = 512;

/** `up` : `down` for any two that have no common divisor: one row of taps for each place between two input samples. */
export class PolyphaseFilter implements RateFilter {
  readonly #up: number;
  readonly #down: number;
  readonly #taps: number;
  readonly #table: Float32Array;
  /** `#taps - 1` samples of the past, then one block. */
  readonly #window: Float64Array;

  constructor(up: number, down: number) {
    this.#up = up;
    this.#down = down;
    // Down-sampling stretches the filter, because its stop band must begin at half the output's rate.
    const reach = CROSSINGS * Math.max(1, down / up);
    this.#taps = 4 * Math.ceil(reach / 2);
    this.#table = polyphaseTable(up, this.#taps, reach);
    this.#window = new Float64Array(this.#taps - 1 + BLOCK_SAMPLES);
  }

  process(input: Int16Array, output: Int16Array, position: number): void {
    const window = this.#window;
    const past = this.#taps - 1;
    let at = position;
    let written = 0;
    for (let start = 0; start < input.length; start += BLOCK_SAMPLES) {
      const block = Math.min(BLOCK_SAMPLES, input.length - start);
      for (let i = 0; i < block; i++) window[past + i] = input[start + i] as number;
      const count = Math.max(0, Math.ceil((block * this.#up - at) / this.#down));
      this.#filter(at, output, written, count);
      written += count;
      at += count * this.#down - block * this.#up;
      window.copyWithin(0, block, block + past);
    }
  }

  reset(): void {
    this.#window.fill(0);
  }

  /** Row by row: the outputs `up` apart take the same taps. */
  #filter(position: number, output: Int16Array, written: number, count: number): void {
    const up = this.#up;
    const down = this.#down;
    const end = written + count;
    // Up-sampling keeps the input's own samples: there the sinc is 1 at one tap and 0 at all others.
    const ownTap = up > down ? this.#taps - 1 - CROSSINGS : -1;
    for (let first = 0; first < Math.min(up, count); first++) {
      const place = position + first * down;
      let at = Math.floor(place / up);
      let n = written + first;
      const row = (place - at * up) * this.#taps;
      if (row === 0 && ownTap >= 0) {
        for (; n < end; n += up, at += down) output[n] = this.#window[at + ownTap] as number;
        continue;
      }
      for (; n + 3 * up < end; n += 4 * up, at += 4 * down) this.#four(row, at, output, n);
      for (; n < end; n += up, at += down) this.#one(row, at, output, n);
    }
  }

  /** Four outputs of a row, which share the reading of its taps. */
  #four(row: number, at: number, output: Int16Array, n: number): void {
    const table = this.#table;
    const window = this.#window;
    const end = row + this.#taps;
    let at1 = at + this.#down;
    let at2 = at1 + this.#down;
    let at3 = at2 + this.#down;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = row, at0 = at; k < end; k++, at0++, at1++, at2++, at3++) {
      const tap = table[k] as number;
      sum0 += tap * (window[at0] as number);
      sum1 += tap * (window[at1] as number);
      sum2 += tap * (window[at2] as number);
      sum3 += tap * (window[at3] as number);
    }
    output[n] = saturate(sum0);
    output[n + this.#up] = saturate(sum1);
    output[n + 2 * this.#up] = saturate(sum2);
    output[n + 3 * this.#up] = saturate(sum3);
  }

  /** One output, in four sums, because one would wait for itself at every addition. */
  #one(row: number, at: number, output: Int16Array, n: number): void {
    const table = this.#table;
    const window = this.#window;
    const end = row + this.#taps;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = row, from = at; k < end; k += 4, from += 4) {
      sum0 += (table[k] as number) * (window[from] as number);
      sum1 += (table[k + 1] as number) * (window[from + 1] as number);
      sum2 += (table[k + 2] as number) * (window[from + 2] as number);
      sum3 += (table[k + 3] as number) * (window[from + 3] as number);
    }
    output[n] = saturate(sum0 + sum1 + (sum2 + sum3));
  }
}

// Taps are whole multiples of this. Times a 16-bit sample, and added up, they stay below 2^53 of it, so every sum is exact
// and it does not matter in which order it was taken: which outputs are computed together depends on the chunks.
const TAP_STEP = 2 ** -30;

/** One row of `taps` coefficients per phase, oldest sample first; every row adds up to 1, so a constant stays constant. */
function polyphaseTable(up: number, taps: number, reach: number): Float32Array {
  const table = new Float32Array(up * taps);
  const crossingsPerSample = CROSSINGS / reach;
  for (let phase = 0; phase < up; phase++) {
    const row = Float64Array.from({ length: taps }, (_, tap) =>
      windowedSinc((phase / up + (taps - 1 - tap) - reach) * crossingsPerSample),
    );
    const sum = row.reduce((total, tap) => total + tap, 0);
    table.set(
      row.map((tap) => Math.round(tap / sum / TAP_STEP) * TAP_STEP),
      phase * taps,
    );
  }
  return table;
}

import type { RateFilter } from './resample-filter.js';
import { HalfBandDoubler, HalfBandHalver } from './resample-half-band.js';
import { PolyphaseFilter } from './resample-polyphase.js';
import { CROSSINGS } from './resample-sinc.js';
import { reuseInt16 } from './reuse.js';

/** The rates a `Resampler` converts between. The list bounds its coefficient table to 402 KiB (192000 to 11025). */
export const RESAMPLER_RATES_HZ: readonly number[] = Object.freeze([
  8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000,
]);

/**
 * Converts one stream of samples from one rate to another: windowed-sinc FIR, linear phase; half-band where one rate is
 * twice the other, which costs a fifth. Not for several streams at once: it carries the end of the last chunk.
 *
 * Chunking never shows: any split of the input gives the same samples. After n input samples exactly
 * `ceil(n * toHz / fromHz)` samples have come out, so whole frames give whole frames from the first one on. What comes
 * out first are `delaySamples` of run-in; at the end of a stream push that much silence to get the rest.
 */
export class Resampler {
  /** How much later a sound appears in the output, in output samples: 2.5 ms of the lower rate; may be fractional. */
  readonly delaySamples: number;
  readonly #up: number;
  readonly #down: number;
  /** Equal rates have none. */
  readonly #filter: RateFilter | undefined;
  /** Where the next output lies, in 1/up of an input sample after the input seen so far. */
  #position = 0;

  /** RangeError when a rate is not in `RESAMPLER_RATES_HZ`. Equal rates are passed through without delay. */
  constructor({ fromHz, toHz }: { fromHz: number; toHz: number }) {
    for (const rateHz of [fromHz, toHz]) {
      if (!RESAMPLER_RATES_HZ.includes(rateHz)) throw new RangeError(`cannot resample ${rateHz} Hz`);
    }
    const divisor = greatestCommonDivisor(fromHz, toHz);
    this.#up = toHz / divisor;
    this.#down = fromHz / divisor;
    this.#filter = filterFor(this.#up, this.#down);
    this.delaySamples = fromHz === toHz ? 0 : CROSSINGS * Math.max(1, toHz / fromHz);
  }

  /** How many samples `process` will return for the next `inputSamples`. */
  outputLength(inputSamples: number): number {
    return Math.max(0, Math.ceil((inputSamples * this.#up - this.#position) / this.#down));
  }

  /**
   * The output that `input` completes: a fresh array, or the beginning of `out` (RangeError, and no change of state,
   * when it is shorter than `outputLength(input.length)`). `out` must not share memory with `input`.
   */
  process(input: Int16Array, out?: Int16Array): Int16Array {
    const output = reuseInt16(out, this.outputLength(input.length));
    if (this.#filter === undefined) output.set(input);
    else this.#filter.process(input, output, this.#position);
    this.#position += output.length * this.#down - input.length * this.#up;
    return output;
  }

  /** Forgets the stream: what follows is treated as the beginning of another. */
  reset(): void {
    this.#filter?.reset();
    this.#position = 0;
  }
}

function filterFor(up: number, down: number): RateFilter | undefined {
  if (up === down) return undefined;
  if (up === 2 && down === 1) return new HalfBandDoubler();
  if (up === 1 && down === 2) return new HalfBandHalver();
  return new PolyphaseFilter(up, down);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

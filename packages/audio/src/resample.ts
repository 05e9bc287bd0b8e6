import { reuseInt16 } from './reuse.js';

/** The rates a `Resampler` converts between. The list bounds its coefficient table to 402 KiB (192000 to 11025). */
export const RESAMPLER_RATES_HZ: readonly number[] = Object.freeze([
  8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000,
]);

// The sinc reaches this many zero crossings to each side, counted at the lower rate: 40 taps per phase. With this
// Kaiser window the transition is 0.143 of the lower rate around its half, so 8 kHz is flat to 3.43 kHz and 90 dB down
// from 4.57 kHz (Kaiser's formula: attenuation = 7.95 + 14.36 * taps * transition; beta = 0.1102 * (90 - 8.7)).
const CROSSINGS = 20;
const KAISER_BETA = 8.96;

// Input is worked off in pieces of this size, so that the state does not grow with the caller's chunk.
const BLOCK_SAMPLES = 512;

/**
 * Converts one stream of samples from one rate to another: polyphase windowed-sinc FIR, linear phase. Not for several
 * streams at once: it carries the end of the last chunk.
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
  readonly #taps: number;
  readonly #table: Float32Array;
  /** `#taps - 1` samples of the past, then one block. */
  readonly #window: Float64Array;
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
    // Down-sampling stretches the filter, because its stop band must begin at half the output's rate.
    const reach = CROSSINGS * Math.max(1, fromHz / toHz);
    const isPassThrough = fromHz === toHz;
    this.#taps = isPassThrough ? 0 : 4 * Math.ceil(reach / 2);
    this.#table = isPassThrough ? new Float32Array(0) : polyphaseTable(this.#up, this.#taps, reach);
    this.#window = new Float64Array(isPassThrough ? 0 : this.#taps - 1 + BLOCK_SAMPLES);
    this.delaySamples = isPassThrough ? 0 : CROSSINGS * Math.max(1, toHz / fromHz);
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
    if (this.#taps === 0) {
      output.set(input);
      return output;
    }
    const window = this.#window;
    const past = this.#taps - 1;
    let written = 0;
    for (let start = 0; start < input.length; start += BLOCK_SAMPLES) {
      const block = Math.min(BLOCK_SAMPLES, input.length - start);
      for (let i = 0; i < block; i++) window[past + i] = input[start + i] as number;
      written = this.#filter(block, output, written);
      window.copyWithin(0, block, block + past);
    }
    return output;
  }

  /** Forgets the stream: what follows is treated as the beginning of another. */
  reset(): void {
    this.#window.fill(0);
    this.#position = 0;
  }

  #filter(block: number, output: Int16Array, alreadyWritten: number): number {
    const up = this.#up;
    const taps = this.#taps;
    const table = this.#table;
    const window = this.#window;
    const end = block * up;
    // Up-sampling keeps the input's own samples: there the sinc is 1 at one tap and 0 at all others.
    const ownTap = up > this.#down ? taps - 1 - CROSSINGS : -1;
    let position = this.#position;
    let written = alreadyWritten;
    for (; position < end; position += this.#down) {
      let at = (position / up) | 0;
      let tap = (position - at * up) * taps;
      if (tap === 0 && ownTap >= 0) {
        output[written++] = window[at + ownTap] as number;
        continue;
      }
      // Four sums, because one would wait for itself at every addition.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (const last = tap + taps; tap < last; tap += 4, at += 4) {
        a += (table[tap] as number) * (window[at] as number);
        b += (table[tap + 1] as number) * (window[at + 1] as number);
        c += (table[tap + 2] as number) * (window[at + 2] as number);
        d += (table[tap + 3] as number) * (window[at + 3] as number);
      }
      const value = a + b + (c + d);
      output[written++] = value > 32767 ? 32767 : value < -32768 ? -32768 : Math.round(value);
    }
    this.#position = position - end;
    return written;
  }
}

/** One row of `taps` coefficients per phase, oldest sample first; every row adds up to 1, so a constant stays constant. */
function polyphaseTable(up: number, taps: number, reach: number): Float32Array {
  const table = new Float32Array(up * taps);
  const crossingsPerSample = CROSSINGS / reach;
  for (let phase = 0; phase < up; phase++) {
    const row = table.subarray(phase * taps, (phase + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = phase / up + (taps - 1 - tap) - reach;
      const value = sinc(distance * crossingsPerSample) * kaiser(distance / reach);
      row[tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) row[tap] = (row[tap] as number) / sum;
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window over -1..1, not normalised: every row of the table is. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x));
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

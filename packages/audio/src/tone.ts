import { dtmfFrequencies } from './dtmf.js';
import { FULL_SCALE } from './level.js';
import { saturate } from './saturate.js';

export interface ToneOptions {
  hz: number;
  rateHz: number;
  ms: number;
  /** Level as `dbfs(rms(...))` measures it: 0 is a full-scale sine. */
  dbfs: number;
}

export interface NoiseOptions {
  rateHz: number;
  ms: number;
  /** RMS level; above about -5 peaks are clipped. */
  dbfs: number;
  /** The same seed gives the same samples; 32 bits are used. */
  seed: number;
}

export interface DtmfToneOptions {
  rateHz: number;
  /** Length of the key press. */
  ms: number;
  /** Silence after it. */
  gapMs: number;
  /** Level of both tones together, each 3 dB lower; above -3 peaks are clipped. */
  dbfs: number;
}

const amplitudeOf = (levelDbfs: number): number => FULL_SCALE * 10 ** (levelDbfs / 20);
const samplesIn = (ms: number, rateHz: number): number => Math.round((ms * rateHz) / 1000);

/** A sine beginning at phase 0. */
export function tone({ hz, rateHz, ms, dbfs }: ToneOptions): Int16Array {
  const amplitude = amplitudeOf(dbfs);
  const step = (2 * Math.PI * hz) / rateHz;
  return Int16Array.from({ length: samplesIn(ms, rateHz) }, (_, i) => saturate(amplitude * Math.sin(step * i)));
}

/** The sum, saturated, as long as the longer of the two. */
export function mix(a: Int16Array, b: Int16Array): Int16Array {
  const sum = new Int16Array(Math.max(a.length, b.length));
  for (let i = 0; i < sum.length; i++) sum[i] = saturate((a[i] ?? 0) + (b[i] ?? 0));
  return sum;
}

/** White noise of evenly distributed samples. */
export function noise({ rateHz, ms, dbfs, seed }: NoiseOptions): Int16Array {
  const random = mulberry32(seed);
  // An even distribution over -p..p has an RMS of p / sqrt(3).
  const limit = (amplitudeOf(dbfs) / Math.SQRT2) * Math.sqrt(3);
  return Int16Array.from({ length: samplesIn(ms, rateHz) }, () => saturate(limit * (2 * random() - 1)));
}

/** A key press and the silence after it. RangeError when `digit` is not one of `DTMF_DIGITS`. */
export function dtmfTone(digit: string, { rateHz, ms, gapMs, dbfs }: DtmfToneOptions): Int16Array {
  const [lowHz, highHz] = dtmfFrequencies(digit);
  const eachDbfs = dbfs - 10 * Math.log10(2);
  const press = mix(tone({ hz: lowHz, rateHz, ms, dbfs: eachDbfs }), tone({ hz: highHz, rateHz, ms, dbfs: eachDbfs }));
  const withGap = new Int16Array(press.length + samplesIn(gapMs, rateHz));
  withGap.set(press);
  return withGap;
}

/** Mulberry32: small, fast, good enough for noise, not for secrets. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

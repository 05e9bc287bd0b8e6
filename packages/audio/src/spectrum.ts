import { FULL_SCALE } from './level.js';

/** More than this is a RangeError: 87 s at 48 kHz, 128 MiB of working memory. */
export const SPECTRUM_SAMPLES_MAX = 2 ** 22;

const FLOOR_DB = -200;

/** One entry per line. */
export interface Spectrum {
  hz: Float64Array;
  db: Float64Array;
}

/**
 * Magnitudes of a Hann-windowed FFT over all `samples`, zero-padded to a power of two: frequency and level of each line
 * from 0 to half the rate. A full-scale sine peaks at 0 dB; nothing is reported below -200 dB. Empty arrays for no
 * samples, RangeError for more than `SPECTRUM_SAMPLES_MAX`. For tests and diagnosis, not for the 20 ms path.
 */
export function spectrum(samples: Int16Array, rateHz: number): Spectrum {
  return analyse(samples, rateHz, 0);
}

function analyse(samples: Int16Array, rateHz: number, offset: number): Spectrum {
  const count = samples.length;
  if (count > SPECTRUM_SAMPLES_MAX) throw new RangeError(`${count} samples are more than ${SPECTRUM_SAMPLES_MAX}`);
  if (count === 0) return { hz: new Float64Array(0), db: new Float64Array(0) };
  const size = paddedSize(count);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  let windowSum = 0;
  for (let i = 0; i < count; i++) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / count);
    windowSum += weight;
    re[i] = weight * ((samples[i] as number) - offset);
  }
  fft(re, im);
  const lines = size / 2 + 1;
  const scale = 2 / (windowSum * FULL_SCALE);
  return {
    hz: Float64Array.from({ length: lines }, (_, line) => (line * rateHz) / size),
    db: Float64Array.from({ length: lines }, (_, line) => {
      const magnitude = Math.hypot(re[line] as number, im[line] as number) * scale;
      return Math.max(FLOOR_DB, 20 * Math.log10(magnitude));
    }),
  };
}

/** Frequency of the strongest line, interpolated between lines; a constant offset does not count. 0 for silence. */
export function peakHz(samples: Int16Array, rateHz: number): number {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const { hz, db } = analyse(samples, rateHz, mean);
  let best = 1;
  for (let line = 2; line < db.length; line++) if ((db[line] as number) > (db[best] as number)) best = line;
  const top = db[best] ?? FLOOR_DB;
  if (top <= FLOOR_DB) return 0;
  // A parabola through three lines in dB: nearly exact for a Hann window.
  const left = db[best - 1] ?? top;
  const right = db[best + 1] ?? top;
  const curve = left - 2 * top + right;
  const offset = curve === 0 ? 0 : (0.5 * (left - right)) / curve;
  return (hz[best] as number) + offset * ((hz[1] as number) - (hz[0] as number));
}

function paddedSize(count: number): number {
  let size = 2;
  while (size < count) size *= 2;
  return size;
}

/** In place, radix 2; the length is a power of two. */
function fft(re: Float64Array, im: Float64Array): void {
  reverseBits(re);
  reverseBits(im);
  for (let span = 1; span < re.length; span *= 2) {
    for (let k = 0; k < span; k++) {
      const cosine = Math.cos((-Math.PI * k) / span);
      const sine = Math.sin((-Math.PI * k) / span);
      for (let top = k; top < re.length; top += 2 * span) {
        const bottom = top + span;
        const bottomRe = (re[bottom] as number) * cosine - (im[bottom] as number) * sine;
        const bottomIm = (re[bottom] as number) * sine + (im[bottom] as number) * cosine;
        const topRe = re[top] as number;
        const topIm = im[top] as number;
        re[top] = topRe + bottomRe;
        im[top] = topIm + bottomIm;
        re[bottom] = topRe - bottomRe;
        im[bottom] = topIm - bottomIm;
      }
    }
  }
}

function reverseBits(values: Float64Array): void {
  for (let i = 0, reversed = 0; i < values.length; i++) {
    if (i < reversed) {
      const kept = values[i] as number;
      values[i] = values[reversed] as number;
      values[reversed] = kept;
    }
    let bit = values.length >> 1;
    while (reversed & bit) {
      reversed ^= bit;
      bit >>= 1;
    }
    reversed |= bit;
  }
}

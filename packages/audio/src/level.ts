/** Peak of the loudest sine 16 bits can hold. Its RMS is 0 dBFS everywhere in this package (AES17). */
export const FULL_SCALE = 32767;

/** Root mean square in sample units, 0..32768; 0 for no samples. */
export function rms(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] as number) * (samples[i] as number);
  return Math.sqrt(sum / samples.length);
}

/** Largest magnitude in sample units, 0..32768; 0 for no samples. */
export function peak(samples: Int16Array): number {
  let largest = 0;
  for (let i = 0; i < samples.length; i++) largest = Math.max(largest, Math.abs(samples[i] as number));
  return largest;
}

/**
 * Level of an RMS value from `rms`: 0 dBFS is a full-scale sine (AES17), so a full-scale square is +3.01; -Infinity for 0.
 * ITU-T's dBov is 3.01 dB lower.
 */
export function dbfs(rmsValue: number): number {
  return 20 * Math.log10((rmsValue * Math.SQRT2) / FULL_SCALE);
}

/**
 * Signal-to-noise ratio in dB of a pure tone: sine, cosine and offset are fitted by least squares, what remains is noise
 * and distortion. Phase, gain and offset do not matter. Wants at least one period of the tone and `toneHz` strictly
 * between 0 and half the rate. Infinity when nothing remains, -Infinity for silence, NaN for no samples.
 */
export function snrDb(signal: Int16Array, rateHz: number, toneHz: number): number {
  const count = signal.length;
  const sines = centred(count, (i) => Math.sin((2 * Math.PI * toneHz * i) / rateHz));
  const cosines = centred(count, (i) => Math.cos((2 * Math.PI * toneHz * i) / rateHz));
  // Taking the mean off all three is the fit of the offset; two unknowns are left.
  const values = centred(count, (i) => signal[i] as number);
  const ss = product(sines, sines);
  const cc = product(cosines, cosines);
  const sc = product(sines, cosines);
  const sx = product(sines, values);
  const cx = product(cosines, values);
  const determinant = ss * cc - sc * sc;
  const sineGain = (sx * cc - cx * sc) / determinant;
  const cosineGain = (cx * ss - sx * sc) / determinant;
  let noise = 0;
  for (let i = 0; i < count; i++) {
    const fitted = sineGain * (sines[i] as number) + cosineGain * (cosines[i] as number);
    noise += ((values[i] as number) - fitted) ** 2;
  }
  const power = ((sineGain ** 2 + cosineGain ** 2) / 2) * count;
  return power === 0 ? Number.NEGATIVE_INFINITY : 10 * Math.log10(power / noise);
}

function centred(count: number, valueAt: (index: number) => number): Float64Array {
  const values = Float64Array.from({ length: count }, (_, index) => valueAt(index));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return values.map((value) => value - mean);
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}

/** Quieter than this is silence to an ear. */
const SILENCE_DB = -60;

/** How loud samples from -1 to 1 are, from 0 to 100 in even steps of what an ear takes for louder. */
export function levelOf(samples: Float32Array): number {
  const peak = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
  const db = peak === 0 ? SILENCE_DB : 20 * Math.log10(peak);
  return Math.round(100 * Math.max(0, Math.min(1, 1 - db / SILENCE_DB)));
}

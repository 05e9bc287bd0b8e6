import { dbfs, FULL_SCALE, rms } from '@rapida/audio';

/** Usual for telephone speech: loud enough, and with 20 dB of room for peaks. */
export const SPEECH_DBFS = -20;
const SAMPLES_PER_MS = 16;
/** What stays of the silence around an utterance: the caller should not wait for it. */
const PAD_SAMPLES = 50 * SAMPLES_PER_MS;
const WINDOW_SAMPLES = 10 * SAMPLES_PER_MS;
/** A window this far below the whole utterance is silence. */
const SILENCE_BELOW_DB = 35;

/** A fresh copy of 16 kHz speech without the silence around it, at the usual level, never clipped. */
export function shapeSpeech(samples: Int16Array): Int16Array<ArrayBuffer> {
  const levelDbfs = dbfs(rms(samples));
  const floorDbfs = levelDbfs - SILENCE_BELOW_DB;
  const isLoud = (at: number) => dbfs(rms(samples.subarray(at, at + WINDOW_SAMPLES))) > floorDbfs;
  let first = 0;
  while (first < samples.length && !isLoud(first)) first += WINDOW_SAMPLES;
  let last = samples.length;
  while (last > first && !isLoud(Math.max(first, last - WINDOW_SAMPLES))) last -= WINDOW_SAMPLES;
  if (first >= last) return new Int16Array(0);
  const speech = samples.subarray(Math.max(0, first - PAD_SAMPLES), Math.min(samples.length, last + PAD_SAMPLES));
  const peak = speech.reduce((max, sample) => Math.max(max, Math.abs(sample)), 1);
  const gain = Math.min(10 ** ((SPEECH_DBFS - levelDbfs) / 20), FULL_SCALE / peak);
  return Int16Array.from(speech, (sample) => Math.round(sample * gain));
}

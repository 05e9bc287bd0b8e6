import { dtmfTone } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import type { RenderedGreeting } from './greeting.js';

/** ITU-T Q.24: 40 ms of tone and of pause are recognised by every receiver; twice that where the line is bad. */
const TONE_MS = 100;
const PAUSE_MS = 80;
const LEVEL_DBFS = -9;

/** Keys as the telephone sends them in its sound. */
export function tonesOf(digits: string): RenderedGreeting {
  const options = { rateHz: RATE_HZ, ms: TONE_MS, gapMs: PAUSE_MS, dbfs: LEVEL_DBFS };
  const tones = [...digits].map((digit) => dtmfTone(digit, options));
  const samples = new Int16Array(tones.reduce((sum, tone) => sum + tone.length, 0));
  let at = 0;
  for (const tone of tones) {
    samples.set(tone, at);
    at += tone.length;
  }
  return { text: '', samples };
}

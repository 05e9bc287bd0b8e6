import { bytesToPcm16, decodeUlaw, peakHz, tone } from '@rapida/audio';
import { FRAME_SAMPLES } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { type LineEncoding, LineSound } from './line-sound.js';

/** Half a second of 440 Hz through the encoder, frame by frame, decoded again. */
function through(encoding: LineEncoding): { samples: Int16Array; rateHz: number } {
  const sound = new LineSound(encoding);
  const whole = tone({ hz: 440, rateHz: 16_000, ms: 500, dbfs: -12 });
  const parts: number[] = [];
  for (let start = 0; start < whole.length; start += FRAME_SAMPLES) {
    const bytes = sound.encode({ samples: whole.subarray(start, start + FRAME_SAMPLES), atMs: 0 });
    expect(bytes.length).toBe(sound.frameBytes);
    parts.push(...(encoding === 'ulaw-8000' ? decodeUlaw(bytes) : bytesToPcm16(bytes)));
  }
  return { samples: Int16Array.from(parts), rateHz: sound.rateHz };
}

describe("the caller's sound", () => {
  it.each([
    ['ulaw-8000', 8_000, 160],
    ['pcm-16000', 16_000, 640],
    ['pcm-24000', 24_000, 960],
  ] as const)('goes out as %s: the same tone, without a seam between frames', (encoding, rateHz, frameBytes) => {
    const { samples, rateHz: sent } = through(encoding);
    expect([sent, new LineSound(encoding).frameBytes]).toEqual([rateHz, frameBytes]);
    expect(samples.length).toBe(rateHz / 2);
    expect(Math.abs(peakHz(samples, rateHz) - 440)).toBeLessThan(3);
    expect(stepsOver(samples, rateHz)).toBe(0);
  });

  it('at 16 kHz is sent as it is', () => {
    const samples = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => i * 50 - 8_000);
    const bytes = new LineSound('pcm-16000').encode({ samples, atMs: 0 });
    expect([...bytesToPcm16(bytes)]).toEqual([...samples]);
  });
});

/** Steps between samples that a tone of 440 Hz at 12 dB below full scale cannot make, once the resampler has run in. */
function stepsOver(samples: Int16Array, rateHz: number): number {
  const steepest = 1.2 * 2 * Math.PI * (440 / rateHz) * 32_768 * 10 ** (-12 / 20);
  const runIn = rateHz / 100;
  return samples
    .slice(runIn)
    .filter((sample, i) => i > 0 && Math.abs(sample - (samples[runIn + i - 1] ?? 0)) > steepest).length;
}

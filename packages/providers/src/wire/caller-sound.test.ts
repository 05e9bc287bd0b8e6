import { bytesToPcm16, decodeUlaw, peakHz, tone } from '@rapida/audio';
import { type AudioFrame, FRAME_SAMPLES, RATE_HZ } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { CallerSound } from './caller-sound.js';

const SOUND = tone({ hz: 1_000, rateHz: RATE_HZ, ms: 1_000, dbfs: -6 });

function framesOf(samples: Int16Array): AudioFrame[] {
  return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, index) => ({
    samples: samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES),
    atMs: index * 20,
  }));
}

describe("the caller's sound", () => {
  it('of a phone line is mu-law of 8 kHz, a byte per sample, the same tone across frames', () => {
    const sound = new CallerSound(8_000);
    const frames = framesOf(SOUND).map((frame) => sound.encode(frame));
    expect(sound.coding).toEqual({ encoding: 'mulaw', rateHz: 8_000 });
    expect(frames.every((bytes) => bytes.length === 160)).toBe(true);
    const decoded = decodeUlaw(Buffer.concat(frames));
    expect(Math.abs(peakHz(decoded.subarray(1_000, 5_096), 8_000) - 1_000)).toBeLessThan(3);
  });

  it('of a wider line is linear, as it is', () => {
    const sound = new CallerSound(16_000);
    const bytes = Buffer.concat(framesOf(SOUND).map((frame) => sound.encode(frame)));
    expect(sound.coding).toEqual({ encoding: 'linear16', rateHz: 16_000 });
    expect(bytesToPcm16(bytes)).toEqual(SOUND);
  });

  it('may be kept: the next frame does not change it', () => {
    const sound = new CallerSound(8_000);
    const [first, second] = framesOf(SOUND);
    const kept = sound.encode(first!);
    const copy = Uint8Array.from(kept);
    sound.encode(second!);
    expect(kept).toEqual(copy);
  });
});

import { dbfs, peak, rms, tone } from '@rapida/audio';
import { describe, expect, it } from 'vitest';
import { shapeSpeech } from './speech-shape.js';

const MS = 16;

function between(beforeMs: number, sound: Int16Array, afterMs: number): Int16Array {
  const all = new Int16Array(beforeMs * MS + sound.length + afterMs * MS);
  all.set(sound, beforeMs * MS);
  return all;
}

describe('shaping speech', () => {
  it('leaves 50 ms of the silence around it', () => {
    const sound = tone({ hz: 400, rateHz: 16_000, ms: 500, dbfs: -20 });
    const shaped = shapeSpeech(between(300, sound, 400));
    expect(Math.abs(shaped.length / MS - 600)).toBeLessThanOrEqual(20);
  });

  it('brings quiet speech to -20 dBFS', () => {
    const shaped = shapeSpeech(tone({ hz: 400, rateHz: 16_000, ms: 500, dbfs: -40 }));
    expect(dbfs(rms(shaped))).toBeCloseTo(-20, 0);
  });

  it('raises speech with a single peak only as far as the peak allows', () => {
    const sound = tone({ hz: 400, rateHz: 16_000, ms: 500, dbfs: -50 });
    sound[4_000] = 16_000;
    expect(peak(shapeSpeech(sound))).toBeLessThanOrEqual(32_767);
    expect(peak(shapeSpeech(sound))).toBeGreaterThan(32_000);
  });

  it('makes nothing of silence', () => {
    expect(shapeSpeech(new Int16Array(16_000))).toHaveLength(0);
    expect(shapeSpeech(new Int16Array(0))).toHaveLength(0);
  });

  it('does not touch what it was given', () => {
    const sound = tone({ hz: 400, rateHz: 16_000, ms: 100, dbfs: -40 });
    const before = sound.slice();
    shapeSpeech(sound);
    expect(sound).toEqual(before);
  });
});

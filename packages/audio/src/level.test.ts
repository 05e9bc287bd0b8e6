import { describe, expect, it } from 'vitest';
import { dbfs, peak, rms, snrDb } from './level.js';
import { mix, noise, tone } from './tone.js';

describe('rms and peak', () => {
  it('are the root of the mean square and the largest magnitude', () => {
    expect(rms(Int16Array.of(3, -4, 3, -4))).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(peak(Int16Array.of(3, -4, 0))).toBe(4);
  });

  it('hold the lowest sample, whose magnitude 16 bits cannot', () => {
    expect(rms(Int16Array.of(-32768))).toBe(32768);
    expect(peak(Int16Array.of(-32768, 32767))).toBe(32768);
  });

  it('are 0 for no samples', () => {
    expect(rms(new Int16Array(0))).toBe(0);
    expect(peak(new Int16Array(0))).toBe(0);
  });
});

describe('dbfs', () => {
  it('is 0 for a full-scale sine and 3.01 for a full-scale square', () => {
    expect(dbfs(32767 / Math.SQRT2)).toBeCloseTo(0, 9);
    expect(dbfs(32767)).toBeCloseTo(3.0103, 4);
  });

  it('falls 20 dB for a tenth and has no bottom', () => {
    expect(dbfs(100) - dbfs(10)).toBeCloseTo(20, 9);
    expect(dbfs(0)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('snrDb', () => {
  it('is the distance between a tone and the noise added to it', () => {
    const noisy = mix(
      tone({ hz: 1000, rateHz: 8000, ms: 2000, dbfs: -10 }),
      noise({ rateHz: 8000, ms: 2000, dbfs: -40, seed: 7 }),
    );
    expect(Math.abs(snrDb(noisy, 8000, 1000) - 30)).toBeLessThan(0.3);
  });

  it('does not depend on phase, gain or offset', () => {
    const shifted = tone({ hz: 440, rateHz: 16000, ms: 500, dbfs: -12 })
      .subarray(13)
      .map((sample) => sample + 5000);
    expect(snrDb(shifted, 16000, 440)).toBeGreaterThan(80);
  });

  it('comes close to what rounding to 16 bits leaves of a full-scale sine: 6.02 * 16 + 1.76 dB', () => {
    const full = tone({ hz: 997, rateHz: 48000, ms: 1000, dbfs: 0 });
    expect(Math.abs(snrDb(full, 48000, 997) - 98.08)).toBeLessThan(0.5);
  });

  it('is low at a frequency that is not there, and -Infinity for silence', () => {
    expect(snrDb(tone({ hz: 1000, rateHz: 8000, ms: 1000, dbfs: -6 }), 8000, 1500)).toBeLessThan(-40);
    expect(snrDb(new Int16Array(800), 8000, 1000)).toBe(Number.NEGATIVE_INFINITY);
  });
});

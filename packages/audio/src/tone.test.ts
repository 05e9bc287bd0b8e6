import { describe, expect, it } from 'vitest';
import { DTMF_DIGITS } from './dtmf.js';
import { dbfs, peak, rms } from './level.js';
import { peakHz, spectrum } from './spectrum.js';
import { dtmfTone, mix, noise, tone } from './tone.js';

describe('tone', () => {
  it('has the length, frequency and level asked for', () => {
    const samples = tone({ hz: 440, rateHz: 16000, ms: 500, dbfs: -20 });
    expect(samples.length).toBe(8000);
    expect(samples[0]).toBe(0);
    expect(samples[1]).toBe(Math.round(3276.7 * Math.sin((2 * Math.PI * 440) / 16000)));
    expect(peakHz(samples, 16000)).toBeCloseTo(440, 0);
    expect(dbfs(rms(samples))).toBeCloseTo(-20, 1);
  });

  it('reaches full scale at 0 dBFS and clips above', () => {
    expect(peak(tone({ hz: 1000, rateHz: 8000, ms: 10, dbfs: 0 }))).toBe(32767);
    expect(tone({ hz: 1000, rateHz: 8000, ms: 1, dbfs: 20 })[2]).toBe(32767);
    expect(tone({ hz: 1000, rateHz: 8000, ms: 1, dbfs: 20 })[6]).toBe(-32768);
  });
});

describe('mix', () => {
  it('adds, as long as the longer of the two', () => {
    expect([...mix(Int16Array.of(1, 2, 3), Int16Array.of(10))]).toEqual([11, 2, 3]);
    expect([...mix(Int16Array.of(1), Int16Array.of(10, 20))]).toEqual([11, 20]);
  });

  it('clips instead of wrapping', () => {
    expect([...mix(Int16Array.of(30000, -30000), Int16Array.of(30000, -30000))]).toEqual([32767, -32768]);
  });
});

describe('noise', () => {
  it('has the level asked for and no mean', () => {
    const samples = noise({ rateHz: 8000, ms: 5000, dbfs: -20, seed: 1 });
    expect(Math.abs(dbfs(rms(samples)) + 20)).toBeLessThan(0.2);
    expect(Math.abs(samples.reduce((sum, sample) => sum + sample, 0) / samples.length)).toBeLessThan(50);
  });

  it('is the same for the same seed and another for another', () => {
    const options = { rateHz: 8000, ms: 20, dbfs: -20 };
    expect(noise({ ...options, seed: 5 })).toEqual(noise({ ...options, seed: 5 }));
    expect(noise({ ...options, seed: 5 })).not.toEqual(noise({ ...options, seed: 6 }));
  });

  it('is white: every quarter of the band holds the same power', () => {
    const { db } = spectrum(noise({ rateHz: 8000, ms: 8192, dbfs: -10, seed: 3 }), 8000);
    const quarter = Math.floor(db.length / 4);
    const powers = [0, 1, 2, 3].map((part) =>
      db.subarray(part * quarter, (part + 1) * quarter).reduce((sum, level) => sum + 10 ** (level / 10), 0),
    );
    expect(10 * Math.log10(Math.max(...powers) / Math.min(...powers))).toBeLessThan(0.5);
  });
});

describe('dtmfTone', () => {
  // ITU-T Q.23.
  it.each([
    ['1', 697, 1209],
    ['5', 770, 1336],
    ['9', 852, 1477],
    ['D', 941, 1633],
    ['*', 941, 1209],
    ['0', 941, 1336],
    ['#', 941, 1477],
    ['A', 697, 1633],
  ])('sounds %s as %i and %i Hz', (digit, lowHz, highHz) => {
    const press = dtmfTone(digit, { rateHz: 8000, ms: 300, gapMs: 0, dbfs: -10 });
    const { hz, db } = spectrum(press, 8000);
    const levelNear = (wantedHz: number) => Math.max(...db.filter((_, i) => Math.abs(hz[i]! - wantedHz) < 5));
    const elsewhere = Math.max(...db.filter((_, i) => Math.abs(hz[i]! - lowHz) > 50 && Math.abs(hz[i]! - highHz) > 50));
    // Between two lines a Hann window reads up to half a decibel low at this length.
    for (const wantedHz of [lowHz, highHz]) expect(Math.abs(levelNear(wantedHz) + 13.01)).toBeLessThan(0.6);
    expect(elsewhere).toBeLessThan(-60);
  });

  it('is as loud as asked for, then silent', () => {
    const samples = dtmfTone('7', { rateHz: 16000, ms: 100, gapMs: 50, dbfs: -10 });
    expect(samples.length).toBe(2400);
    expect(Math.abs(dbfs(rms(samples.subarray(0, 1600))) + 10)).toBeLessThan(0.1);
    expect(peak(samples.subarray(1600))).toBe(0);
  });

  it('knows sixteen keys and refuses what is none', () => {
    expect(new Set(DTMF_DIGITS).size).toBe(16);
    for (const wrong of ['', 'E', '12', 'a']) {
      expect(() => dtmfTone(wrong, { rateHz: 8000, ms: 50, gapMs: 0, dbfs: -10 })).toThrow(RangeError);
    }
  });
});

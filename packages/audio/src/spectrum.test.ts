import { describe, expect, it } from 'vitest';
import { peakHz, SPECTRUM_SAMPLES_MAX, spectrum } from './spectrum.js';
import { mix, tone } from './tone.js';

describe('spectrum', () => {
  it('agrees with the definition of the Fourier transform', () => {
    const samples = Int16Array.from({ length: 32 }, (_, i) => ((i * 7919) % 2001) - 1000);
    const hann = Array.from({ length: 32 }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / 32) ** 2);
    const gain = hann.reduce((sum, weight) => sum + weight, 0) / 2;
    const { hz, db } = spectrum(samples, 8000);
    expect([...hz]).toEqual(Array.from({ length: 17 }, (_, line) => line * 250));
    for (const [line, level] of db.entries()) {
      let re = 0;
      let im = 0;
      for (const [i, weight] of hann.entries()) {
        re += weight * samples[i]! * Math.cos((2 * Math.PI * line * i) / 32);
        im += weight * samples[i]! * Math.sin((2 * Math.PI * line * i) / 32);
      }
      expect(level).toBeCloseTo(20 * Math.log10(Math.hypot(re, im) / gain / 32767), 6);
    }
  });

  it('shows two tones at their levels and little between them', () => {
    const both = mix(
      tone({ hz: 1000, rateHz: 8000, ms: 1024, dbfs: -10 }),
      tone({ hz: 2500, rateHz: 8000, ms: 1024, dbfs: -30 }),
    );
    const { hz, db } = spectrum(both, 8000);
    const highest = (fromHz: number, toHz: number) =>
      Math.max(...db.filter((_, i) => hz[i]! >= fromHz && hz[i]! <= toHz));
    expect(highest(950, 1050)).toBeCloseTo(-10, 1);
    expect(highest(2450, 2550)).toBeCloseTo(-30, 1);
    expect(highest(1100, 2400)).toBeLessThan(-90);
  });

  it('reaches from 0 to half the rate for any length', () => {
    const { hz, db } = spectrum(new Int16Array(1000), 8000);
    expect([hz[0], hz.at(-1), hz.length]).toEqual([0, 4000, 513]);
    expect(db.length).toBe(513);
  });

  it('reports -200 dB for silence and nothing for no samples', () => {
    expect(new Set(spectrum(new Int16Array(64), 8000).db)).toEqual(new Set([-200]));
    expect(spectrum(new Int16Array(0), 8000)).toEqual({ hz: new Float64Array(0), db: new Float64Array(0) });
  });

  it('refuses more samples than its limit', () => {
    expect(() => spectrum(new Int16Array(SPECTRUM_SAMPLES_MAX + 1), 8000)).toThrow(RangeError);
  });
});

describe('peakHz', () => {
  it.each([100, 440, 1234.5, 3999 / 2, 3400])('finds %d Hz to within a fifth of a hertz', (hz) => {
    expect(Math.abs(peakHz(tone({ hz, rateHz: 8000, ms: 300, dbfs: -12 }), 8000) - hz)).toBeLessThan(0.2);
  });

  it('is not misled by a constant offset', () => {
    const offset = tone({ hz: 1000, rateHz: 8000, ms: 300, dbfs: -40 }).map((sample) => sample + 20000);
    expect(Math.abs(peakHz(offset, 8000) - 1000)).toBeLessThan(1);
  });

  it('is 0 for silence and for no samples', () => {
    expect(peakHz(new Int16Array(800), 8000)).toBe(0);
    expect(peakHz(new Int16Array(0), 8000)).toBe(0);
  });
});

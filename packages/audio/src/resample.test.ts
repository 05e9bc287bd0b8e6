import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dbfs, peak, rms, snrDb } from './level.js';
import { RESAMPLER_RATES_HZ, Resampler } from './resample.js';
import { spectrum } from './spectrum.js';
import { noise, tone } from './tone.js';

const PAIRS = RESAMPLER_RATES_HZ.flatMap((fromHz) => RESAMPLER_RATES_HZ.map((toHz) => ({ fromHz, toHz })));
const FRAME_RATES_HZ = [8000, 16000, 24000, 48000];

function resample(input: Int16Array, fromHz: number, toHz: number): Int16Array {
  return new Resampler({ fromHz, toHz }).process(input);
}

/** Without the run-in. */
function settled(samples: Int16Array, rateHz: number): Int16Array {
  return samples.subarray(Math.floor(rateHz / 10));
}

function gainDb(hz: number, fromHz: number, toHz: number): number {
  const input = tone({ hz, rateHz: fromHz, ms: 1000, dbfs: -6 });
  return dbfs(rms(settled(resample(input, fromHz, toHz), toHz))) - dbfs(rms(input));
}

/** The strongest line further than 100 Hz from the tone, relative to the tone. */
function strongestOtherDb(samples: Int16Array, rateHz: number, toneHz: number): number {
  const { hz, db } = spectrum(samples, rateHz);
  const levelsDb = (isWanted: (lineHz: number) => boolean) => Math.max(...db.filter((_, line) => isWanted(hz[line]!)));
  return levelsDb((lineHz) => Math.abs(lineHz - toneHz) > 100) - levelsDb((lineHz) => Math.abs(lineHz - toneHz) <= 100);
}

describe('chunking', () => {
  const rates = fc.constantFrom(...PAIRS);
  const chunks = fc.array(fc.integer({ min: 0, max: 1300 }), { minLength: 1, maxLength: 6 });

  it('does not show in the output, whatever the rates', () => {
    fc.assert(
      fc.property(rates, chunks, fc.integer(), ({ fromHz, toHz }, lengths, seed) => {
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const input = noise({ rateHz: 1000, ms: total, dbfs: -3, seed });
        const whole = resample(input, fromHz, toHz);
        const resampler = new Resampler({ fromHz, toHz });
        const pieces: number[] = [];
        let start = 0;
        for (const length of lengths) {
          const expectedLength = resampler.outputLength(length);
          const piece = resampler.process(input.subarray(start, start + length));
          expect(piece.length).toBe(expectedLength);
          for (const sample of piece) pieces.push(sample);
          start += length;
        }
        expect(Int16Array.from(pieces)).toEqual(whole);
        expect(whole.length).toBe(Math.ceil((total * toHz) / fromHz));
      }),
      { numRuns: 60 },
    );
  });

  it.each(PAIRS.filter(({ fromHz, toHz }) => FRAME_RATES_HZ.includes(fromHz) && FRAME_RATES_HZ.includes(toHz)))(
    'gives a whole 10 ms for every 10 ms from the first on: $fromHz to $toHz',
    ({ fromHz, toHz }) => {
      const resampler = new Resampler({ fromHz, toHz });
      const lengths = Array.from({ length: 50 }, () => resampler.process(new Int16Array(fromHz / 100)).length);
      expect(new Set(lengths)).toEqual(new Set([toHz / 100]));
    },
  );
});

describe('quality', () => {
  it.each([
    { fromHz: 8000, toHz: 16000 },
    { fromHz: 16000, toHz: 8000 },
  ])('keeps a 1 kHz tone 80 dB above images and aliases: $fromHz to $toHz', ({ fromHz, toHz }) => {
    const output = settled(resample(tone({ hz: 1000, rateHz: fromHz, ms: 1100, dbfs: -1 }), fromHz, toHz), toHz);
    expect(strongestOtherDb(output, toHz, 1000)).toBeLessThan(-80);
    expect(snrDb(output, toHz, 1000)).toBeGreaterThan(80);
  });

  it('keeps the image of the highest telephone tone 80 dB down', () => {
    const output = settled(resample(tone({ hz: 3400, rateHz: 8000, ms: 1100, dbfs: -1 }), 8000, 16000), 16000);
    expect(strongestOtherDb(output, 16000, 3400)).toBeLessThan(-80);
  });

  it.each([4600, 5000, 6000, 7000, 7900])('lets nothing of %i Hz through from 16 to 8 kHz', (hz) => {
    expect(gainDb(hz, 16000, 8000)).toBeLessThan(-80);
  });

  it.each([100, 300, 1000, 2000, 3000, 3400])('is flat at %i Hz between 8 and 16 kHz', (hz) => {
    expect(Math.abs(gainDb(hz, 8000, 16000))).toBeLessThan(0.1);
    expect(Math.abs(gainDb(hz, 16000, 8000))).toBeLessThan(0.1);
  });

  it.each(PAIRS)('carries a 1 kHz tone from $fromHz to $toHz', ({ fromHz, toHz }) => {
    const output = settled(resample(tone({ hz: 1000, rateHz: fromHz, ms: 200, dbfs: -6 }), fromHz, toHz), toHz);
    expect(snrDb(output, toHz, 1000)).toBeGreaterThan(80);
    expect(Math.abs(dbfs(rms(output)) + 6)).toBeLessThan(0.1);
  });

  it.each(PAIRS)('keeps a constant constant from $fromHz to $toHz', ({ fromHz, toHz }) => {
    const output = settled(resample(new Int16Array(fromHz / 5).fill(12345), fromHz, toHz), toHz);
    expect([Math.min(...output), Math.max(...output)]).toEqual([12345, 12345]);
  });

  it.each(PAIRS)('delays by delaySamples from $fromHz to $toHz', ({ fromHz, toHz }) => {
    const resampler = new Resampler({ fromHz, toHz });
    const output = settled(resampler.process(tone({ hz: 500, rateHz: fromHz, ms: 300, dbfs: -6 })), toHz);
    const turn = (2 * Math.PI * 500) / toHz;
    const expected = output.map(
      (_, i) => 16422 * Math.sin(turn * (i + Math.floor(toHz / 10) - resampler.delaySamples)),
    );
    const worst = output.reduce((most, sample, i) => Math.max(most, Math.abs(sample - expected[i]!)), 0);
    expect(worst).toBeLessThan(12);
  });
});

it('clips what overshoots and never wraps', () => {
  const square = Int16Array.from({ length: 1600 }, (_, i) => (i % 32 < 16 ? 32767 : -32768));
  const output = resample(square, 8000, 16000).subarray(40);
  expect(peak(output)).toBe(32768);
  const wrapped = output.filter((sample, i) => i % 64 > 4 && i % 64 < 28 && sample < 0);
  expect(wrapped.length).toBe(0);
});

it('passes equal rates through as a copy without delay', () => {
  const resampler = new Resampler({ fromHz: 16000, toHz: 16000 });
  const input = Int16Array.of(1, -2, 3);
  const output = resampler.process(input);
  expect(output).toEqual(input);
  expect(output.buffer).not.toBe(input.buffer);
  expect(resampler.delaySamples).toBe(0);
});

it('writes into the array it is given', () => {
  const out = new Int16Array(400);
  const written = new Resampler({ fromHz: 8000, toHz: 16000 }).process(new Int16Array(160).fill(500), out);
  expect(written.buffer).toBe(out.buffer);
  expect(written).toEqual(resample(new Int16Array(160).fill(500), 8000, 16000));
});

it('refuses an array that is too short and goes on as if not called', () => {
  const input = noise({ rateHz: 8000, ms: 20, dbfs: -6, seed: 1 });
  const resampler = new Resampler({ fromHz: 8000, toHz: 16000 });
  expect(() => resampler.process(input, new Int16Array(319))).toThrow(RangeError);
  expect(resampler.process(input)).toEqual(resample(input, 8000, 16000));
});

it('begins another stream after reset', () => {
  const input = noise({ rateHz: 44100, ms: 21, dbfs: -6, seed: 2 });
  const resampler = new Resampler({ fromHz: 44100, toHz: 16000 });
  const first = resampler.process(input);
  expect(resampler.process(input)).not.toEqual(first);
  resampler.reset();
  expect(resampler.process(input)).toEqual(first);
});

it('refuses a rate it does not know', () => {
  expect(() => new Resampler({ fromHz: 8001, toHz: 16000 })).toThrow(RangeError);
  expect(() => new Resampler({ fromHz: 8000, toHz: 0 })).toThrow(RangeError);
  expect(() => new Resampler({ fromHz: Number.NaN, toHz: 8000 })).toThrow(RangeError);
});

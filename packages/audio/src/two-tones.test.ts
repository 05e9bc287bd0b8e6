import { expect, it } from 'vitest';
import { fitTwoTones } from './two-tones.js';

const LOW = (2 * Math.PI * 941) / 8000;
const HIGH = (2 * Math.PI * 1209) / 8000;
const window = (valueAt: (i: number) => number) => Float64Array.from({ length: 102 }, (_, i) => valueAt(i));

it('finds both squared amplitudes, whatever the phases, and leaves nothing', () => {
  for (let phase = 0; phase < 6; phase += 0.5) {
    const samples = window((i) => 3000 * Math.sin(LOW * i + phase) + 1200 * Math.cos(HIGH * i - 2 * phase));
    const { lowPower, highPower, share } = fitTwoTones(samples, LOW, HIGH, new Float64Array(102));
    expect(Math.abs(Math.sqrt(lowPower) - 3000)).toBeLessThan(3);
    expect(Math.abs(Math.sqrt(highPower) - 1200)).toBeLessThan(3);
    expect(share).toBeGreaterThan(0.9999);
  }
});

it('explains half of the energy when as much lies elsewhere, and does not touch the samples', () => {
  // The third tone is more than 1 kHz away, 15 periods in this window: it is all but orthogonal.
  const third = (2 * Math.PI * 2400) / 8000;
  const samples = window(
    (i) => 1000 * Math.sin(LOW * i) + 1000 * Math.sin(HIGH * i) + Math.SQRT2 * 1000 * Math.sin(third * i),
  );
  const before = samples.slice();
  expect(Math.abs(fitTwoTones(samples, LOW, HIGH, new Float64Array(102)).share - 0.5)).toBeLessThan(0.05);
  expect(samples).toEqual(before);
});

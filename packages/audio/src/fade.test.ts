import { expect, it } from 'vitest';
import { fadeOut } from './fade.js';

it('sinks to zero over the last milliseconds and leaves the rest alone', () => {
  const samples = new Int16Array(160).fill(10000);
  const faded = fadeOut(samples, { rateHz: 8000, ms: 5 });
  expect(faded.subarray(0, 120)).toEqual(samples.subarray(0, 120));
  expect(faded[139]).toBe(5000);
  expect(faded[159]).toBe(0);
  const steps = faded.subarray(120).map((sample, i) => faded[119 + i]! - sample);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  // The steepest step of a half cosine over n samples is amplitude * pi / 2n.
  expect(Math.max(...steps)).toBeLessThanOrEqual(Math.ceil((10000 * Math.PI) / 80));
});

it('does not touch what it is given', () => {
  const samples = new Int16Array(80).fill(-7);
  fadeOut(samples, { rateHz: 8000, ms: 5 });
  expect(samples).toEqual(new Int16Array(80).fill(-7));
});

it('fades all of what is shorter than the fade', () => {
  const faded = fadeOut(new Int16Array(4).fill(1000), { rateHz: 8000, ms: 5 });
  expect(faded[0]).toBeLessThan(1000);
  expect(faded[3]).toBe(0);
  expect(fadeOut(new Int16Array(0), { rateHz: 8000, ms: 5 }).length).toBe(0);
});

import { expect, it } from 'vitest';
import { levelOf } from './level.js';

const level = (...samples: number[]) => levelOf(Float32Array.from(samples));

it('is nothing for silence, and all for the loudest', () => {
  expect(level(0, 0, 0)).toBe(0);
  expect(level(0, -1, 0.5)).toBe(100);
});

it('is half where the sound is 30 dB under the loudest', () => {
  expect(level(10 ** (-30 / 20))).toBe(50);
});

it('stays between both, whatever comes', () => {
  expect([level(0.000_01), level(4), level()]).toEqual([0, 100, 0]);
});

import { expect, it } from 'vitest';
import { portionsOf } from './portions.js';

it('divides a list into portions, in order, the last one as it comes', () => {
  expect(portionsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(portionsOf([], 2)).toEqual([]);
});

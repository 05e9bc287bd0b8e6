import { expect, it } from 'vitest';
import { allOf, SHOWN_MAX } from './all-of.js';

async function* numbers(count: number) {
  for (let one = 1; one <= count; one++) yield one;
}

it('gives a list to its end', async () => {
  expect(await allOf(numbers(3))).toEqual([1, 2, 3]);
});

it('gives up a list that has no end', async () => {
  expect(await allOf(numbers(Number.POSITIVE_INFINITY))).toHaveLength(SHOWN_MAX);
});

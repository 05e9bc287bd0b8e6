import { expect, it } from 'vitest';
import { afterDeath, DEATHS_MAX, STEADY_MS } from './restarts.js';

it('a worker that dies in a row is started again later and later, and then not any more', () => {
  const waits = Array.from({ length: DEATHS_MAX }, (_, n) => afterDeath(n, 0).restartMs);
  expect(waits.slice(0, 5)).toEqual([100, 1_000, 5_000, 15_000, 15_000]);
  expect(waits.at(-2)).toBe(15_000);
  expect(waits.at(-1)).toBeUndefined();
});

it('a death after a long life is the first in a row', () => {
  expect(afterDeath(7, STEADY_MS)).toEqual({ inRow: 1, restartMs: 100 });
  expect(afterDeath(7, STEADY_MS - 1)).toEqual({ inRow: 8, restartMs: 15_000 });
});

import { expect, it } from 'vitest';
import { tallyOf } from './tally.js';

it('counts the calls of each state, the most first', () => {
  const calls = ['queued', 'busy', 'queued'].map((state) => ({ state }));
  expect(tallyOf(calls)).toEqual([
    { state: 'queued', count: 2 },
    { state: 'busy', count: 1 },
  ]);
});

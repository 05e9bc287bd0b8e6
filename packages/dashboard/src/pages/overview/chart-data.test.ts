import { expect, it } from 'vitest';
import { bucketSeconds, piledOutcomes } from './chart-data.js';

const bucket = (at: string, outcomes: Record<string, number>) => ({
  ...{ at, outcomes, detailed: 0, calls: 0, responseMs: null, interruptions: 0, providerErrors: 0 },
});

it('piles outcomes up, the most frequent at the bottom, and leaves out what there was none of', () => {
  const buckets = [
    bucket('2026-03-04T10:00:00Z', { failed: 1, completed: 3, busy: 0 }),
    bucket('2026-03-04T11:00:00Z', { completed: 2 }),
  ];
  expect(piledOutcomes(buckets)).toEqual([
    { state: 'completed', sums: [3, 2] },
    { state: 'failed', sums: [4, 2] },
  ]);
});

it('tells the moments in seconds', () => {
  expect(bucketSeconds([bucket('1970-01-01T00:01:00Z', {})])).toEqual([60]);
});

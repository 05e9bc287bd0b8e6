import { expect, it } from 'vitest';
import { askedFor, callsLink } from './ranges.js';

const NOW_MS = Date.parse('2026-03-04T10:20:30Z');

it('ends with the hour that runs', () => {
  expect(askedFor('day', NOW_MS)).toEqual({
    since: '2026-03-03T11:00:00.000Z',
    until: '2026-03-04T11:00:00.000Z',
    bucket: 'hour',
  });
});

it('begins its days at the midnight of the viewer', () => {
  for (const [range, days] of [
    ['week', 7],
    ['month', 30],
  ] as const) {
    const { since, bucket } = askedFor(range, NOW_MS);
    const midnight = new Date(NOW_MS);
    midnight.setDate(midnight.getDate() - days + 1);
    midnight.setHours(0, 0, 0, 0);
    expect([since, bucket]).toEqual([midnight.toISOString(), 'day']);
  }
});

it('asks the same within one hour', () => {
  expect(askedFor('day', NOW_MS + 60_000)).toEqual(askedFor('day', NOW_MS));
});

it('leads to the calls of the same time', () => {
  expect(callsLink({ since: '2026-03-03T11:00:00.000Z', until: '2026-03-04T11:00:00.000Z' }, { state: 'failed' })).toBe(
    '/calls?view=history&since=2026-03-03T11%3A00%3A00.000Z&until=2026-03-04T11%3A00%3A00.000Z&state=failed',
  );
});

import { expect, it } from 'vitest';
import { askedFor, callsLink } from './ranges.js';

const NOW_MS = Date.parse('2026-03-04T10:20:30Z');

it('ends with the hour that runs', () => {
  expect(askedFor('day', NOW_MS)).toEqual({
    since: '2026-03-03T11:00:00.000Z',
    until: '2026-03-04T11:00:00.000Z',
    bucket: 'hour',
  });
  expect(askedFor('week', NOW_MS)).toMatchObject({ since: '2026-02-25T11:00:00.000Z', bucket: 'day' });
});

it('asks the same within one hour', () => {
  expect(askedFor('day', NOW_MS + 60_000)).toEqual(askedFor('day', NOW_MS));
});

it('leads to the calls of the same time', () => {
  expect(callsLink({ since: '2026-03-03T11:00:00.000Z', until: '2026-03-04T11:00:00.000Z' }, { state: 'failed' })).toBe(
    '/calls?view=history&since=2026-03-03T11%3A00%3A00.000Z&until=2026-03-04T11%3A00%3A00.000Z&state=failed',
  );
});

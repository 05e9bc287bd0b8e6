import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempted, afterAttempt } from './schedule.js';

const CREATED_MS = Date.UTC(2026, 8, 21, 12, 0, 0);
const HOUR_MS = 3_600_000;

const failed: Attempted = {
  createdAtMs: CREATED_MS,
  attempts: 1,
  status: 503,
  retryAfter: undefined,
  atMs: CREATED_MS,
};
const never = () => 0;

function waitMs(attempted: Partial<Attempted>, random = never): number {
  const given = { ...failed, ...attempted };
  const { state, nextAtMs } = afterAttempt(given, random);
  expect(state).toBe('pending');
  return (nextAtMs as number) - given.atMs;
}

describe('after an attempt', () => {
  it.each([200, 201, 204, 299])('%i is delivered', (status) => {
    expect(afterAttempt({ ...failed, status, retryAfter: '5' }, never)).toEqual({ state: 'delivered', nextAtMs: null });
  });

  it('410 is given up at once', () => {
    expect(afterAttempt({ ...failed, status: 410 }, never)).toEqual({ state: 'dead', nextAtMs: null });
  });

  it.each([null, 199, 300, 301, 307, 400, 401, 404, 409, 411, 429, 500, 503])('%s is tried again', (status) => {
    expect(waitMs({ status })).toBe(5_000);
  });

  it('waits twice as long each time, up to an hour', () => {
    const waits = Array.from({ length: 12 }, (_, index) => waitMs({ attempts: index + 1 }));
    const seconds = [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600];
    expect(waits).toEqual(seconds.map((s) => s * 1_000));
    expect(waitMs({ attempts: 5_000 })).toBe(HOUR_MS);
  });

  it('spreads what failed together over half the wait', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const wait = waitMs({ attempts: 3 }, () => random);
        expect(wait).toBeLessThanOrEqual(20_000);
        expect(wait).toBeGreaterThanOrEqual(10_000);
      }),
    );
    expect(waitMs({ attempts: 3 }, () => 0.5)).toBe(15_000);
  });

  it.each([
    ['30', 30_000],
    [' 30 ', 30_000],
    ['3', 5_000],
    ['7200', HOUR_MS],
    ['9999999999', HOUR_MS],
    ['Mon, 21 Sep 2026 12:02:00 GMT', 120_000],
    ['Mon, 21 Sep 2026 11:00:00 GMT', 5_000],
    ['Tue, 22 Sep 2026 12:00:00 GMT', HOUR_MS],
    ['soon', 5_000],
    ['-30', 5_000],
    ['', 5_000],
  ])('Retry-After %j means a wait of %i ms', (retryAfter, expected) => {
    expect(waitMs({ retryAfter })).toBe(expected);
  });

  it('gives up where the next attempt would be more than a day after the event', () => {
    const atMs = CREATED_MS + 24 * HOUR_MS - 5_000;
    expect(afterAttempt({ ...failed, atMs }, never)).toEqual({ state: 'pending', nextAtMs: CREATED_MS + 24 * HOUR_MS });
    expect(afterAttempt({ ...failed, atMs: atMs + 1 }, never)).toEqual({ state: 'dead', nextAtMs: null });
    expect(afterAttempt({ ...failed, atMs, status: 200 }, never).state).toBe('delivered');
  });

  it('comes to an end whatever the receiver asks for', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.option(fc.string()), (random, header) => {
        let attempted: Attempted = { ...failed, retryAfter: header ?? undefined };
        let next = afterAttempt(attempted, () => random);
        while (next.nextAtMs !== null) {
          expect(next.nextAtMs).toBeGreaterThanOrEqual(attempted.atMs + 2_500);
          attempted = { ...attempted, attempts: attempted.attempts + 1, atMs: next.nextAtMs };
          next = afterAttempt(attempted, () => random);
        }
        expect(next.state).toBe('dead');
        expect(attempted.atMs).toBeGreaterThan(CREATED_MS + 22 * HOUR_MS);
        expect(attempted.attempts).toBeLessThan(80);
      }),
    );
  });
});

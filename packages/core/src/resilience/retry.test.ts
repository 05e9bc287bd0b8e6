import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { RapidaError } from '../errors.js';
import { VirtualClock } from '../testing/index.js';
import { backoffMs, withRetry } from './retry.js';

const OPTIONS = { attemptsMax: 4, backoffMs: 100 };
const live = () => new AbortController().signal;

function failingTimes(failures: number, error: unknown) {
  const attempts: number[] = [];
  const task = async (attempt: number) => {
    attempts.push(attempt);
    if (attempt <= failures) throw error;
    return 'done';
  };
  return { attempts, task };
}

describe('a retried task', () => {
  const unavailable = new RapidaError('provider_unavailable');

  it.each([0, 1, 2, 3])('succeeds after %i failures, having waited twice as long each time', async (failures) => {
    const clock = new VirtualClock(0);
    const { attempts, task } = failingTimes(failures, unavailable);
    const running = withRetry(clock, OPTIONS, task, live());
    await clock.advance(10_000);
    expect(await running).toBe('done');
    expect(attempts.length).toBe(failures + 1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is tried again exactly when the backoff is over', async () => {
    const clock = new VirtualClock(0);
    const { attempts, task } = failingTimes(3, unavailable);
    const running = withRetry(clock, OPTIONS, task, live());
    const seen: number[] = [];
    for (const waitMs of [99, 1, 199, 1, 399, 1]) {
      await clock.advance(waitMs);
      seen.push(attempts.length);
    }
    expect(seen).toEqual([1, 2, 2, 3, 3, 4]);
    expect(await running).toBe('done');
  });

  it('fails with the last failure after the last attempt, without waiting once more', async () => {
    const clock = new VirtualClock(0);
    const { attempts, task } = failingTimes(99, unavailable);
    const failing = expect(withRetry(clock, OPTIONS, task, live())).rejects.toBe(unavailable);
    await clock.advance(700);
    await failing;
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([new RapidaError('provider_auth'), new TypeError('a bug'), 'text'])(
    'is not tried again for %s',
    async (error) => {
      const { attempts, task } = failingTimes(99, error);
      await expect(withRetry(new VirtualClock(), OPTIONS, task, live())).rejects.toBe(error);
      expect(attempts).toEqual([1]);
    },
  );

  it('stops waiting when the signal is aborted, with its reason', async () => {
    const clock = new VirtualClock(0);
    const abort = new AbortController();
    const { attempts, task } = failingTimes(99, unavailable);
    const reason = new Error('hung up');
    const failing = expect(withRetry(clock, OPTIONS, task, abort.signal)).rejects.toBe(reason);
    await clock.advance(50);
    abort.abort(reason);
    await failing;
    expect(attempts).toEqual([1]);
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('is not begun when the signal was aborted before', async () => {
    const { attempts, task } = failingTimes(0, unavailable);
    await expect(withRetry(new VirtualClock(), OPTIONS, task, AbortSignal.abort('gone'))).rejects.toBe('gone');
    expect(attempts).toEqual([]);
  });
});

describe('the backoff', () => {
  it('doubles up to its maximum', () => {
    const waits = [1, 2, 3, 4, 9].map((failures) => backoffMs(failures, { backoffMs: 100, backoffMsMax: 500 }));
    expect(waits).toEqual([100, 200, 400, 500, 500]);
  });

  it('is shortened by up to a half when chance is given', () => {
    expect(backoffMs(2, { backoffMs: 100, random: () => 0 })).toBe(200);
    expect(backoffMs(2, { backoffMs: 100, random: () => 1 })).toBe(100);
  });
});

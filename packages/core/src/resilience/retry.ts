import { type Clock, sleep } from '../clock.js';
import { RapidaError } from '../errors.js';

export interface RetryOptions {
  /** Attempts in all, the first one included. */
  readonly attemptsMax: number;
  /** Wait after the first failure; it doubles with every further one. */
  readonly backoffMs: number;
  /** What the doubling stops at; 10 s. */
  readonly backoffMsMax?: number;
  /** 0..1; with it each wait is shortened by up to a half, so that many callers do not return at the same moment. */
  readonly random?: () => number;
}

/**
 * Runs `task` until it succeeds. Only a `RapidaError` that is `retryable` is tried again; anything else, and the last
 * failure, is thrown as it came. Aborting `signal` ends the waiting with the signal's reason.
 */
export async function withRetry<T>(
  clock: Clock,
  options: RetryOptions,
  task: (attempt: number) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= options.attemptsMax || !isRetryable(error)) throw error;
    }
    await sleep(clock, backoffMs(attempt, options), signal);
  }
}

export function isRetryable(error: unknown): boolean {
  return error instanceof RapidaError && error.retryable;
}

/** The wait after failure number `failures` (from 1). */
export function backoffMs(failures: number, options: Omit<RetryOptions, 'attemptsMax'>): number {
  const fullMs = Math.min(options.backoffMs * 2 ** (failures - 1), options.backoffMsMax ?? 10_000);
  return options.random === undefined ? fullMs : fullMs * (1 - options.random() / 2);
}

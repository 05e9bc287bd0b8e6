import type { Clock } from '@rapida/core';

export type Waited<T> = { readonly inTime: true; readonly value: T } | { readonly inTime: false };

/**
 * Waits for `promise`, but no longer than `limitMs` and not after `signal` aborts. Rejects only as `promise` does, and
 * leaves neither a timer nor a listener behind.
 */
export function within<T>(
  clock: Clock,
  promise: Promise<T>,
  limitMs: number,
  signal?: AbortSignal,
): Promise<Waited<T>> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      release();
      resolve({ inTime: false });
    };
    const timer = clock.setTimer(limitMs, giveUp);
    const release = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    promise.then(
      (value) => {
        release();
        resolve({ inTime: true, value });
      },
      (error: unknown) => {
        release();
        reject(error);
      },
    );
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}

import { type Clock, RapidaError } from '@rapida/core';

/**
 * The result of `work`, or a `store_failed` error when it takes longer than `limitMs`: stores are all that can be slow
 * here. What is late goes on, its result is dropped and its failure is not heard; the owner of `work` cleans up after it.
 */
export function inTime<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(limitMs, () => {
      reject(new RapidaError('store_failed', 'The store did not answer in time.'));
    });
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

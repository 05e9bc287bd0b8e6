import { type Clock, type Logger, RapidaError, type Telemetry } from '@rapida/core';

/** A process whose store has failed should get no new calls; when it was quiet for this long it may try again. */
export const STORE_FAILURE_REMEMBERED_MS = 10_000;

/** Remembers whether the store works: the one place where its failures are counted. */
export interface StoreHealth {
  /** Passes the result on, and notes a failure that is the store's. */
  watch<T>(operation: string, work: Promise<T>): Promise<T>;
  readonly failing: boolean;
}

export function createStoreHealth(clock: Clock, logger: Logger, telemetry: Telemetry): StoreHealth {
  let failedAtMs = Number.NEGATIVE_INFINITY;
  return {
    async watch(operation, work) {
      try {
        return await work;
      } catch (error) {
        if (isStoreFailure(error)) {
          failedAtMs = clock.nowMs();
          telemetry.count('rapida_store_errors_total', { operation });
          logger.error({ err: error, operation }, 'the store failed');
        }
        throw error;
      }
    },
    get failing() {
      return clock.nowMs() - failedAtMs < STORE_FAILURE_REMEMBERED_MS;
    },
  };
}

/** Refusals such as `at_capacity` or `assistant_name_taken` are answers of a store that works. */
export function isStoreFailure(error: unknown): boolean {
  return !(error instanceof RapidaError) || error.code === 'store_failed' || error.code === 'internal';
}

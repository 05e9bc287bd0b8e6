import { randomUUID } from 'node:crypto';
import {
  type CallStore,
  type CallWrite,
  type Clock,
  callOf,
  type EntityId,
  type Logger,
  type ReplayOutcome,
  type Scope,
  type SpooledWrite,
  sleep,
  type Telemetry,
  type WriteSpool,
} from '@rapida/core';
import type { StoreHealth } from './store-health.js';

/** Between attempts to write what waits: the first soon, as most failures are short. */
const AGAIN_MS_MIN = 100;
const AGAIN_MS_MAX = 2_000;
/** Ids of writes that were replayed are known for so long: a node that was away for longer may tell things twice. */
const REPLAYS_KNOWN_MS = 30 * 24 * 3_600_000;

/** As metrics and logs call them. */
export const WRITE_NAMES: Readonly<Record<CallWrite['operation'], string>> = {
  transition: 'transition',
  patch: 'patch',
  appendEvent: 'event',
  addTurn: 'turn',
};

/** Where journals put what the store does not take. */
export interface CallSpool {
  /** Something of this call waits: whatever comes later has to wait behind it. */
  holds(callId: EntityId): boolean;
  /**
   * Resolves to whether it is safe there. `attempt` is a try at the store of which nothing was heard in time: it may be
   * carried out yet, and is waited for before it is tried again.
   */
  put(write: CallWrite, attempt?: Promise<unknown>): Promise<boolean>;
  /** How many writes wait. */
  readonly entries: number;
}

export interface SpoolReplay {
  readonly spool: CallSpool;
  /** Writes all that a former life of this process has left. Fails as the store does. */
  replayAll(): Promise<void>;
  /** From now on what waits is written as soon as the store takes it. `onDrained` when nothing waits any more. */
  start(onDrained: () => void): void;
}

export interface SpoolReplayDependencies {
  readonly writeSpool: WriteSpool;
  readonly calls: Pick<CallStore, 'replay' | 'forgetReplays'>;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Closing it stops the attempts: what waits then is left to the next start. */
  readonly scope: Scope;
}

export function createSpoolReplay(dependencies: SpoolReplayDependencies): SpoolReplay {
  const { writeSpool, clock, logger } = dependencies;
  const replay = new Replay(dependencies);
  return {
    spool: {
      holds: (callId) => writeSpool.holds(callId),
      async put(write, attempt) {
        if (writeSpool.entries === 0) logger.warn({}, 'the store takes nothing: what calls write waits on the disk');
        const mayBeStored = attempt !== undefined;
        if (attempt !== undefined) replay.waitFor(attempt);
        const isSafe = await writeSpool.add({ id: randomUUID(), atMs: clock.wallMs(), write, mayBeStored });
        replay.wake();
        return isSafe;
      },
      get entries() {
        return writeSpool.entries;
      },
    },
    replayAll: () => replay.all(),
    start: (onDrained) => replay.start(onDrained),
  };
}

class Replay {
  readonly #dependencies: SpoolReplayDependencies;
  readonly #attempts = new Set<Promise<unknown>>();
  #onDrained: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(dependencies: SpoolReplayDependencies) {
    this.#dependencies = dependencies;
    dependencies.scope.onClose(() => this.#running);
  }

  waitFor(attempt: Promise<unknown>): void {
    const settled: Promise<unknown> = attempt.catch(() => {}).then(() => this.#attempts.delete(settled));
    this.#attempts.add(settled);
  }

  start(onDrained: () => void): void {
    this.#onDrained = onDrained;
    this.wake();
  }

  wake(): void {
    const { writeSpool, scope } = this.#dependencies;
    if (this.#onDrained === undefined || this.#running !== undefined || writeSpool.entries === 0 || scope.closed)
      return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      // What came after it had looked for the last time.
      this.wake();
    });
  }

  async all(): Promise<void> {
    const { writeSpool, logger } = this.#dependencies;
    if (writeSpool.entries === 0) return;
    logger.info({ entries: writeSpool.entries }, 'what calls of the last run had to write is written now');
    while (await this.#writeNext());
    await this.#forget();
  }

  async #run(): Promise<void> {
    const { clock, logger, scope } = this.#dependencies;
    for (let waitMs = AGAIN_MS_MIN; ; waitMs = Math.min(2 * waitMs, AGAIN_MS_MAX)) {
      await sleep(clock, waitMs, scope.signal);
      try {
        while (!scope.closed && (await this.#writeNext()));
        if (scope.closed) return;
        await this.#forget();
        logger.info({}, 'the store has what had waited on the disk');
        return this.#onDrained?.();
      } catch {
        // It was logged and counted.
        if (scope.closed) return;
      }
    }
  }

  /** False where nothing waits any more. */
  async #writeNext(): Promise<boolean> {
    const { writeSpool, health, calls } = this.#dependencies;
    const next = await writeSpool.first();
    if (next === undefined) return false;
    await Promise.all(this.#attempts);
    this.#written(next, await health.watch('replay', calls.replay(next)));
    await writeSpool.removeFirst();
    return true;
  }

  async #forget(): Promise<void> {
    const { health, calls, clock } = this.#dependencies;
    await health.watch('forget_replays', calls.forgetReplays(clock.wallMs() - REPLAYS_KNOWN_MS));
  }

  #written({ write }: SpooledWrite, outcome: ReplayOutcome): void {
    const { logger, telemetry } = this.#dependencies;
    telemetry.count('rapida_spool_replayed_total', { outcome });
    if (outcome !== 'refused') return;
    const operation = WRITE_NAMES[write.operation];
    telemetry.count('rapida_spool_lost_total', { operation });
    logger.error({ callId: callOf(write), operation }, 'the store refuses what had waited on the disk: it is lost');
  }
}

import {
  type CallMetric,
  type CallPatch,
  type CallStore,
  type Clock,
  type EntityId,
  type JsonObject,
  type Logger,
  sleep,
  type Telemetry,
  type TranscriptTurn,
} from '@rapida/core';
import { within } from './bounded-wait.js';
import { type LifecycleInput, moveOf } from './lifecycle.js';
import type { StoreHealth } from './store-health.js';

/** Far more than a call writes; reached only where the store hangs while the caller talks on. */
export const JOURNAL_PENDING_MAX = 1_000;
/** Waits between attempts to write one entry. */
export const JOURNAL_RETRY_MS: readonly number[] = [100, 400];

/**
 * Writes down one call, in order, behind its back: nothing here is ever waited for while sound flows. When the store
 * cannot keep up, the oldest turns are given up first and counted; states and events go last.
 */
export interface Journal {
  /** The event is written together with the state, and only where it moved. Resolves to what the store said: false where the call was in no state that allows it, or in another leg; undefined where it was not written. */
  transition(input: LifecycleInput, patch: CallPatch, event?: JournalEvent): Promise<boolean | undefined>;
  patch(patch: CallPatch): void;
  event(type: string, data: JsonObject): void;
  turn(turn: TranscriptTurn): void;
  /** Waits until everything so far was written or given up; false when that took longer than `limitMs`. */
  drain(limitMs: number): Promise<boolean>;
  /** Gives up what is still pending and refuses the rest. Idempotent. */
  close(): void;
}

export interface JournalEvent {
  readonly type: string;
  readonly data: JsonObject;
  /** Set with it. */
  readonly metrics?: readonly CallMetric[];
}

export interface JournalDependencies {
  readonly calls: CallStore;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

interface Entry {
  readonly operation: string;
  readonly essential: boolean;
  write(): Promise<unknown>;
  /** Called exactly once, with undefined when the entry was given up. */
  settled(result: unknown): void;
}

/** `leg`: whose it is. When the call is in another one by then, nothing of it is moved or changed any more. */
export function createJournal(callId: EntityId, dependencies: JournalDependencies, leg?: number): Journal {
  const { calls, clock } = dependencies;
  const queue = new WriteQueue(dependencies);
  const add = (operation: string, essential: boolean, write: () => Promise<unknown>): void =>
    queue.add({ operation, essential, write, settled: () => {} });

  return {
    transition(input, patch, told) {
      const { from, to } = moveOf(input);
      return new Promise((resolve) => {
        const event = told && { ...told, atMs: clock.wallMs() };
        const write = (): Promise<boolean> => calls.transition(callId, from, to, patch, event, leg);
        const settled = (moved: unknown): void => resolve(moved === undefined ? undefined : moved === true);
        queue.add({ operation: 'transition', essential: true, write, settled });
      });
    },
    patch: (patch) => add('patch', true, () => calls.patch(callId, patch, leg)),
    event(type, data) {
      const event = { type, atMs: clock.wallMs(), data };
      add('event', true, () => calls.appendEvent(callId, event));
    },
    turn: (turn) => add('turn', false, () => calls.addTurn(callId, turn)),
    drain: (limitMs) => queue.drain(limitMs),
    close: () => queue.close(),
  };
}

class WriteQueue {
  readonly #dependencies: JournalDependencies;
  readonly #pending: Entry[] = [];
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(dependencies: JournalDependencies) {
    this.#dependencies = dependencies;
  }

  add(entry: Entry): void {
    if (this.#closing.signal.aborted) return this.#giveUp(entry);
    if (this.#pending.length >= JOURNAL_PENDING_MAX) {
      const oldest = this.#pending.findIndex((waiting) => !waiting.essential);
      const [dropped] = oldest === -1 ? [entry] : this.#pending.splice(oldest, 1);
      if (dropped !== undefined) this.#giveUp(dropped);
      if (dropped === entry) return;
    }
    this.#pending.push(entry);
    this.#running ??= this.#run();
  }

  async drain(limitMs: number): Promise<boolean> {
    if (this.#running === undefined) return true;
    return (await within(this.#dependencies.clock, this.#running, limitMs)).inTime;
  }

  close(): void {
    this.#closing.abort();
    for (const entry of this.#pending.splice(0)) this.#giveUp(entry);
  }

  async #run(): Promise<void> {
    for (let entry = this.#pending.shift(); entry !== undefined; entry = this.#pending.shift()) {
      await this.#write(entry);
    }
    this.#running = undefined;
  }

  async #write(entry: Entry): Promise<void> {
    const { health, clock } = this.#dependencies;
    for (let attempt = 0; ; attempt++) {
      try {
        return entry.settled((await health.watch(entry.operation, entry.write())) ?? true);
      } catch {
        const waitMs = JOURNAL_RETRY_MS[attempt];
        if (waitMs !== undefined) await sleep(clock, waitMs, this.#closing.signal);
        if (waitMs === undefined || this.#closing.signal.aborted) return this.#giveUp(entry);
      }
    }
  }

  #giveUp(entry: Entry): void {
    const { logger, telemetry } = this.#dependencies;
    telemetry.count('rapida_store_errors_total', { operation: `${entry.operation}_lost` });
    logger.error({ operation: entry.operation }, 'an entry of a call was not stored');
    entry.settled(undefined);
  }
}

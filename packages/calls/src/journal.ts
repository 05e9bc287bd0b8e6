import {
  type CallMetric,
  type CallPatch,
  type CallStore,
  type CallWrite,
  type Clock,
  carryOut,
  type EntityId,
  type JsonObject,
  type Logger,
  sleep,
  type Telemetry,
  type TranscriptTurn,
} from '@rapida/core';
import { within } from './bounded-wait.js';
import { type CallSpool, WRITE_NAMES } from './call-spool.js';
import { type LifecycleInput, moveOf } from './lifecycle.js';
import { isStoreFailure, type StoreHealth } from './store-health.js';

/** Far more than a call writes; reached only where neither store nor disk answers while the caller talks on. */
export const JOURNAL_PENDING_MAX = 1_000;
/** What the store has not taken by then goes to the disk. */
export const JOURNAL_WRITE_MS = 1_000;
/** Waits between attempts where the disk takes nothing either. */
export const JOURNAL_RETRY_MS: readonly number[] = [100, 400];

/**
 * Writes down one call, in order, behind its back: nothing here is ever waited for while sound flows. What the store does not
 * take waits in the spool, and all that comes later behind it. Where neither can keep up, the oldest turns are given up
 * first and counted; states and events go last.
 */
export interface Journal {
  /** The event is written together with the state, and only where it moved. Resolves to what the store said: false where the call was in no state that allows it, or in another leg; undefined where that is not known yet, or it was given up. */
  transition(input: LifecycleInput, patch: CallPatch, event?: JournalEvent): Promise<boolean | undefined>;
  patch(patch: CallPatch): void;
  event(type: string, data: JsonObject): void;
  turn(turn: TranscriptTurn): void;
  /** Waits until everything so far was written, spooled or given up; false when that took longer than `limitMs`, or something waits in the spool. */
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
  readonly calls: Pick<CallStore, CallWrite['operation']>;
  readonly spool: CallSpool;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

interface Entry {
  readonly write: CallWrite;
  /** Called exactly once, with undefined when it is not known what the store says. */
  settled(result: unknown): void;
}

/** `leg`: whose it is. When the call is in another one by then, nothing of it is moved or changed any more. */
export function createJournal(callId: EntityId, dependencies: JournalDependencies, leg?: number): Journal {
  const { clock, spool } = dependencies;
  const queue = new WriteQueue(callId, dependencies);
  const add = (write: CallWrite): void => queue.add({ write, settled: () => {} });

  return {
    transition(input, patch, told) {
      const { from, to } = moveOf(input);
      return new Promise((resolve) => {
        const event = told && { ...told, atMs: clock.wallMs() };
        const write: CallWrite = { operation: 'transition', args: [callId, from, to, patch, event, leg] };
        const settled = (moved: unknown): void => resolve(moved === undefined ? undefined : moved === true);
        queue.add({ write, settled });
      });
    },
    patch: (patch) => add({ operation: 'patch', args: [callId, patch, leg] }),
    event: (type, data) => add({ operation: 'appendEvent', args: [callId, { type, atMs: clock.wallMs(), data }] }),
    turn: (turn) => add({ operation: 'addTurn', args: [callId, turn] }),
    drain: async (limitMs) => (await queue.drain(limitMs)) && !spool.holds(callId),
    close: () => queue.close(),
  };
}

class WriteQueue {
  readonly #callId: EntityId;
  readonly #dependencies: JournalDependencies;
  readonly #pending: Entry[] = [];
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(callId: EntityId, dependencies: JournalDependencies) {
    this.#callId = callId;
    this.#dependencies = dependencies;
  }

  add(entry: Entry): void {
    if (this.#closing.signal.aborted) return this.#giveUp(entry);
    if (this.#pending.length >= JOURNAL_PENDING_MAX) {
      const oldest = this.#pending.findIndex(({ write }) => write.operation === 'addTurn');
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
    const { clock, spool } = this.#dependencies;
    let attempt: Promise<Tried> | undefined;
    for (const waitMs of [...JOURNAL_RETRY_MS, undefined]) {
      if (attempt !== undefined || !spool.holds(this.#callId)) {
        attempt ??= this.#try(entry.write);
        const tried = await within(clock, attempt, JOURNAL_WRITE_MS);
        if (tried.inTime) {
          if (tried.value.is === 'stored') return entry.settled(tried.value.result ?? true);
          if (tried.value.is === 'refused') break;
        }
        if (await spool.put(entry.write, attempt)) return entry.settled(undefined);
        // One that may be carried out yet is not begun a second time.
        if (tried.inTime) attempt = undefined;
      } else if (await spool.put(entry.write)) return entry.settled(undefined);
      if (waitMs === undefined || this.#closing.signal.aborted) break;
      await sleep(clock, waitMs, this.#closing.signal);
    }
    this.#giveUp(entry);
  }

  async #try(write: CallWrite): Promise<Tried> {
    const { calls, health } = this.#dependencies;
    try {
      return { is: 'stored', result: await health.watch(WRITE_NAMES[write.operation], carryOut(calls, write)) };
    } catch (error) {
      return { is: isStoreFailure(error) ? 'failed' : 'refused' };
    }
  }

  #giveUp({ write, settled }: Entry): void {
    const { logger, telemetry } = this.#dependencies;
    const operation = WRITE_NAMES[write.operation];
    telemetry.count('rapida_spool_lost_total', { operation });
    logger.error({ operation }, 'an entry of a call was not stored');
    settled(undefined);
  }
}

type Tried =
  | { readonly is: 'stored'; readonly result: unknown }
  /** By a store that may take it later. */
  | { readonly is: 'failed' }
  | { readonly is: 'refused' };

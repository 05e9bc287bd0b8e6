import type { CallStore } from './call-store.js';
import type { EntityId } from './ids.js';

/** What a running call writes. */
export type CallWriteOperation = 'transition' | 'patch' | 'appendEvent' | 'addTurn';

/** One write as the store is asked for it: the arguments of its method, which are JSON. The first is the call. */
export type CallWrite = {
  readonly [O in CallWriteOperation]: { readonly operation: O; readonly args: Parameters<CallStore[O]> };
}[CallWriteOperation];

export interface SpooledWrite {
  /** Its own: the store writes it once, however often it is told to. */
  readonly id: string;
  /** When it was spooled. Wall clock. */
  readonly atMs: number;
  readonly write: CallWrite;
  /** It was tried before, and nobody knows what came of that. */
  readonly mayBeStored: boolean;
}

/** What became of a write that had waited. */
export type ReplayOutcome =
  | 'written'
  /** It had been written before. */
  | 'known'
  /** The call was in no state that allows it any more. */
  | 'overruled'
  /** It can never be written: there is no such call, or the store does not take such values. */
  | 'refused';

/**
 * Where writes wait, on this machine, while the store cannot take them. First in, first out, so that each call keeps its order;
 * what was taken survives the death of the process.
 */
export interface WriteSpool {
  /**
   * Resolves when it is safe; false where there is no room for it, or it cannot be kept. Turns leave the last tenth of the
   * room to what a record cannot do without. Never rejects.
   */
  add(write: SpooledWrite): Promise<boolean>;
  /** Whether a write of this call waits, from the moment {@link add} was called. */
  holds(callId: EntityId): boolean;
  /** How many wait. */
  readonly entries: number;
  /** The one that waits longest, the same until it is removed; undefined where none does. */
  first(): Promise<SpooledWrite | undefined>;
  /** It does not have to wait any more. Fails where {@link first} has not just given it. */
  removeFirst(): Promise<void>;
  /** Takes nothing any more; what waits is there when it is opened again. Idempotent. */
  close(): Promise<void>;
}

export function callOf(write: CallWrite): EntityId {
  return write.args[0];
}

/** Resolves to what the store says: for a transition whether it moved. */
export function carryOut(calls: Pick<CallStore, CallWriteOperation>, write: CallWrite): Promise<unknown> {
  switch (write.operation) {
    case 'transition':
      return calls.transition(...write.args);
    case 'patch':
      return calls.patch(...write.args);
    case 'appendEvent':
      return calls.appendEvent(...write.args);
    case 'addTurn':
      return calls.addTurn(...write.args);
  }
}

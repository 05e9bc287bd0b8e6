import type { ContextId, EntityId } from './ids.js';

/** What phase 1 knows and phase 2 needs. JSON: it may live in another process. */
export interface CallContext {
  readonly contextId: ContextId;
  readonly callId: EntityId;
  readonly projectId: EntityId;
  readonly assistantId: EntityId;
  /** Set where a call that has begun is taken up again. */
  readonly resumed?: ResumedLeg;
}

/** A further leg of a call whose media was lost with its node. */
export interface ResumedLeg {
  /** Of the call, from 1; the first one has 0. Who holds another than the record names does not hold the call any more. */
  readonly leg: number;
  /** When media connected first; null where it never did. */
  readonly connectedAtMs: number | null;
}

export type ContextClaim =
  | { readonly ok: true; readonly context: CallContext }
  | { readonly ok: false; readonly code: 'context_unknown' | 'context_used' | 'context_expired' };

/**
 * One-time call contexts. Bounded: at most `contextsMax` unclaimed at once (both ways to put refuse with `at_capacity`), and why a
 * claim failed is remembered for a bounded time and number only; afterwards it reads `context_unknown`.
 */
export interface CallContextStore {
  put(context: CallContext, ttlMs: number): Promise<void>;
  /**
   * Puts a context whether or not it was put before and whatever became of it: from now on it can be claimed once more, and
   * what is claimed is this.
   */
  putAgain(context: CallContext, ttlMs: number): Promise<void>;
  /** Succeeds for at most one caller ever, however many try at once. */
  take(contextId: ContextId): Promise<ContextClaim>;
  /** Takes back an unclaimed context, as if it had never been put: it may be put again. False where it was claimed or has expired. */
  withdraw(contextId: ContextId): Promise<boolean>;
  /** Unclaimed contexts whose time has passed since the last call: each is reported once, for the record. */
  expired(): Promise<readonly CallContext[]>;
  close(): Promise<void>;
}

import {
  type CallContext,
  type CallContextStore,
  type Clock,
  type ContextClaim,
  type ContextId,
  RapidaError,
} from '@rapida/core';

export interface MemoryContextStoreOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Unclaimed contexts at once; `put` refuses above it. */
  readonly contextsMax?: number;
  /** How long, and for how many at most, a failed claim is told `used` or `expired` instead of `unknown`. */
  readonly rememberMs?: number;
  readonly rememberedMax?: number;
}

export interface MemoryContextStore extends CallContextStore {
  /** Expired contexts that were forgotten unreported, oldest first, as nobody asked for `rememberedMax` of them. */
  readonly expiredDropped: number;
}

interface Waiting {
  readonly context: CallContext;
  readonly expiresAtMs: number;
}

interface Spent {
  readonly code: 'context_used' | 'context_expired';
  readonly forgetAtMs: number;
}

/**
 * Contexts in this process: for one node. Taking is atomic because nothing is awaited in it. It sets no timers: what has
 * expired is noticed when it is asked for, when `expired` is called, and when room is needed.
 */
export function createMemoryContextStore(options: MemoryContextStoreOptions): MemoryContextStore {
  const { clock, contextsMax = 10_000, rememberMs = 15 * 60_000, rememberedMax = 20_000 } = options;
  const waiting = new Map<ContextId, Waiting>();
  /** In the order of `forgetAtMs`. */
  const spent = new Map<ContextId, Spent>();
  const unreported = new Map<ContextId, CallContext>();
  let expiredDropped = 0;
  let closed = false;

  function spend(contextId: ContextId, code: Spent['code'], nowMs: number): void {
    waiting.delete(contextId);
    for (const [id, { forgetAtMs }] of spent) {
      if (nowMs < forgetAtMs && spent.size < rememberedMax) break;
      spent.delete(id);
    }
    spent.set(contextId, { code, forgetAtMs: nowMs + rememberMs });
  }

  function expire(context: CallContext, nowMs: number): void {
    spend(context.contextId, 'context_expired', nowMs);
    unreported.set(context.contextId, context);
    for (const id of unreported.keys()) {
      if (unreported.size <= rememberedMax) break;
      unreported.delete(id);
      expiredDropped++;
    }
  }

  function sweep(nowMs: number): void {
    for (const { context, expiresAtMs } of waiting.values()) {
      if (!(nowMs < expiresAtMs)) expire(context, nowMs);
    }
  }

  function makeRoom(nowMs: number): void {
    if (closed) throw new RapidaError('store_failed', 'The store of call contexts is closed.');
    if (waiting.size >= contextsMax) sweep(nowMs);
    if (waiting.size < contextsMax) return;
    throw new RapidaError('at_capacity', `${contextsMax} registered calls are waiting for their media already.`);
  }

  function claim(contextId: ContextId): ContextClaim {
    const nowMs = clock.nowMs();
    const found = waiting.get(contextId);
    if (found !== undefined && nowMs < found.expiresAtMs) {
      spend(contextId, 'context_used', nowMs);
      return { ok: true, context: found.context };
    }
    if (found !== undefined) expire(found.context, nowMs);
    const why = spent.get(contextId);
    return { ok: false, code: why !== undefined && nowMs < why.forgetAtMs ? why.code : 'context_unknown' };
  }

  return {
    /** An id that was put before is refused with `internal`: it could be claimed twice. */
    async put(context, ttlMs) {
      const nowMs = clock.nowMs();
      if (waiting.has(context.contextId) || spent.has(context.contextId)) {
        throw new RapidaError('internal', 'A call context was registered twice.');
      }
      makeRoom(nowMs);
      waiting.set(context.contextId, { context, expiresAtMs: nowMs + ttlMs });
    },
    async putAgain(context, ttlMs) {
      const nowMs = clock.nowMs();
      if (!waiting.has(context.contextId)) makeRoom(nowMs);
      spent.delete(context.contextId);
      unreported.delete(context.contextId);
      waiting.set(context.contextId, { context, expiresAtMs: nowMs + ttlMs });
    },
    async take(contextId) {
      return claim(contextId);
    },
    async withdraw(contextId) {
      const found = waiting.get(contextId);
      return found !== undefined && clock.nowMs() < found.expiresAtMs && waiting.delete(contextId);
    },
    async expired() {
      sweep(clock.nowMs());
      const reported = [...unreported.values()];
      unreported.clear();
      return reported;
    },
    async close() {
      closed = true;
      waiting.clear();
      spent.clear();
      unreported.clear();
    },
    get expiredDropped() {
      return expiredDropped;
    },
  };
}

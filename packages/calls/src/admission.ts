import { type Clock, type ContextId, RapidaError } from '@rapida/core';

/**
 * Who may come in. A call holds its place from the moment it is registered until it has ended, or until its context has
 * run out unclaimed - also where nobody tells us so. Bounded by the number of unclaimed contexts a store takes.
 */
export interface Admission {
  /** Takes a place for a new call until it is claimed, at most `ttlMs`. Fails with `draining` or `at_capacity`. */
  admit(contextId: ContextId, ttlMs: number): void;
  /** Its media is here: the place is kept until `release`. Never refuses, a registered caller has been promised a place. */
  claim(contextId: ContextId): void;
  /** Idempotent. */
  release(contextId: ContextId): void;
  /** From now on no new call is admitted. Idempotent. */
  drain(): void;
  readonly draining: boolean;
}

/** `callsMax` 0: no limit. */
export function createAdmission(clock: Clock, callsMax: number): Admission {
  /** Until when a place is held. */
  const places = new Map<ContextId, number>();
  let draining = false;

  function dropLapsed(): void {
    const nowMs = clock.nowMs();
    for (const [contextId, untilMs] of places) if (untilMs < nowMs) places.delete(contextId);
  }

  return {
    admit(contextId, ttlMs) {
      if (draining) throw new RapidaError('draining');
      if (callsMax > 0 && places.size >= callsMax) {
        dropLapsed();
        if (places.size >= callsMax) throw new RapidaError('at_capacity');
      }
      if (callsMax > 0) places.set(contextId, clock.nowMs() + ttlMs);
    },
    claim(contextId) {
      if (callsMax > 0) places.set(contextId, Number.POSITIVE_INFINITY);
    },
    release: (contextId) => void places.delete(contextId),
    drain: () => {
      draining = true;
    },
    get draining() {
      return draining;
    },
  };
}

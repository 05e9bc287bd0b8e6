import { type Clock, type ContextId, type EntityId, RapidaError } from '@rapida/core';

/** Whose call it is, and how many calls that assistant may have at once; null is no limit. */
export interface AdmittedCall {
  readonly contextId: ContextId;
  readonly assistantId: EntityId;
  readonly assistantCallsMax: number | null;
}

/**
 * Who may come in. A call holds its place from the moment it is registered or dialled until it has ended, or until its
 * context has run out unclaimed - also where nobody tells us so. Bounded by the number of unclaimed contexts a store takes.
 */
export interface Admission {
  /** Takes a place for a new call until it is claimed, at most `ttlMs`. Fails with `draining` or `at_capacity`. */
  admit(call: AdmittedCall, ttlMs: number): void;
  /**
   * Its media is here: the place is kept until `release`. Never refuses, a registered caller has been promised a place, be it
   * by another node.
   */
  claim(call: Pick<AdmittedCall, 'contextId' | 'assistantId'>): void;
  /** Idempotent. */
  release(contextId: ContextId): void;
  /** From now on no new call is admitted. Idempotent. */
  drain(): void;
  readonly draining: boolean;
}

interface Place {
  readonly assistantId: EntityId;
  readonly untilMs: number;
}

/** `callsMax` 0: no limit. */
export function createAdmission(clock: Clock, callsMax: number): Admission {
  const places = new Map<ContextId, Place>();
  let draining = false;

  function dropLapsed(): void {
    const nowMs = clock.nowMs();
    for (const [contextId, { untilMs }] of places) if (untilMs < nowMs) places.delete(contextId);
  }

  function isFull({ assistantId, assistantCallsMax }: AdmittedCall): boolean {
    if (callsMax > 0 && places.size >= callsMax) return true;
    if (assistantCallsMax === null) return false;
    let taken = 0;
    for (const place of places.values()) if (place.assistantId === assistantId) taken++;
    return taken >= assistantCallsMax;
  }

  return {
    admit(call, ttlMs) {
      if (draining) throw new RapidaError('draining');
      if (isFull(call)) {
        dropLapsed();
        if (isFull(call)) throw new RapidaError('at_capacity');
      }
      places.set(call.contextId, { assistantId: call.assistantId, untilMs: clock.nowMs() + ttlMs });
    },
    claim: ({ contextId, assistantId }) =>
      void places.set(contextId, { assistantId, untilMs: Number.POSITIVE_INFINITY }),
    release: (contextId) => void places.delete(contextId),
    drain: () => {
      draining = true;
    },
    get draining() {
      return draining;
    },
  };
}

import type { CallPlaces, ContextId, EntityId } from '@rapida/core';

/** Whose call it is, and how many calls that assistant may have at once; null is no limit. */
export interface AdmittedCall {
  readonly contextId: ContextId;
  readonly assistantId: EntityId;
  readonly assistantCallsMax: number | null;
  /** The project that placed it; null: it came in. */
  readonly placedBy: EntityId | null;
}

/** `held`: this call has a place already, be it that another node is dialling it. */
export type Admitted = 'admitted' | 'held' | 'draining' | 'installation_full' | 'assistant_full' | 'project_full';

/**
 * Who may come in, on all nodes together. A call holds its place from the moment it is registered or dialled until it has
 * ended, or until its context has run out unclaimed - also where nobody tells us so. Bounded by the number of unclaimed
 * contexts a store takes.
 */
export interface Admission {
  /** Takes a place for a new call until it is claimed, at most `ttlMs`. Fails with `store_failed` where none can be taken. */
  admit(call: AdmittedCall, ttlMs: number): Promise<Admitted>;
  /**
   * Its media is here: the place is kept until `release`. Never refuses, a registered caller has been promised a place, be it
   * by another node. Nobody waits for it.
   */
  claim(call: Pick<AdmittedCall, 'contextId' | 'assistantId'>): void;
  /** Idempotent. Of a call that has its media at another node nothing. */
  release(contextId: ContextId): void;
  /** From now on no new call is admitted by this node. Idempotent. */
  drain(): void;
  readonly draining: boolean;
}

export interface AdmissionLimits {
  /** Of the installation; 0: no limit. */
  readonly callsMax: number;
  /** Of each project, of calls that it placed itself. */
  readonly placedMax: number;
}

const ALL = 'all';

export function createAdmission(places: CallPlaces, { callsMax, placedMax }: AdmissionLimits): Admission {
  let draining = false;
  return {
    async admit({ contextId, assistantId, assistantCallsMax, placedBy }, ttlMs) {
      if (draining) return 'draining';
      const limits = [
        { counted: ALL, max: callsMax > 0 ? callsMax : null },
        { counted: ofAssistant(assistantId), max: assistantCallsMax },
        ...(placedBy === null ? [] : [{ counted: placedOf(placedBy), max: placedMax }]),
      ];
      const taken = await places.take(contextId, limits, ttlMs);
      if (taken.outcome === 'held') return 'held';
      if (taken.outcome === 'taken') return 'admitted';
      if (taken.counted === ALL) return 'installation_full';
      return taken.counted === ofAssistant(assistantId) ? 'assistant_full' : 'project_full';
    },
    claim: ({ contextId, assistantId }) => places.keep(contextId, [ALL, ofAssistant(assistantId)]),
    release: (contextId) => places.release(contextId),
    drain: () => {
      draining = true;
    },
    get draining() {
      return draining;
    },
  };
}

function ofAssistant(id: EntityId): string {
  return `assistant:${id}`;
}

function placedOf(projectId: EntityId): string {
  return `placed:${projectId}`;
}

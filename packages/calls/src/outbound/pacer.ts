import type { Clock, EntityId } from '@rapida/core';

/** Spaces the calls of each credential evenly, so that no trunk sees a burst. Bounded by the credentials in use lately. */
export interface Pacer {
  /** 0: now is its turn. */
  waitMs(credentialId: EntityId): number;
  /** One call was begun. */
  took(credentialId: EntityId, callsPerSecond: number): void;
}

export function createPacer(clock: Pick<Clock, 'nowMs'>): Pacer {
  const nextAtMs = new Map<EntityId, number>();
  return {
    waitMs: (credentialId) => Math.max(0, (nextAtMs.get(credentialId) ?? 0) - clock.nowMs()),
    took(credentialId, callsPerSecond) {
      const nowMs = clock.nowMs();
      for (const [id, atMs] of nextAtMs) if (atMs <= nowMs) nextAtMs.delete(id);
      nextAtMs.set(credentialId, nowMs + 1_000 / callsPerSecond);
    },
  };
}

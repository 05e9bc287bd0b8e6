import type { CallPace, Clock } from '@rapida/core';

/** Of the one process there is. Bounded by the names in use lately. */
export function createMemoryCallPace(clock: Pick<Clock, 'nowMs'>): CallPace {
  const nextAtMs = new Map<string, number>();

  function begun(name: string, perSecond: number): void {
    const nowMs = clock.nowMs();
    for (const [one, atMs] of nextAtMs) if (atMs <= nowMs) nextAtMs.delete(one);
    nextAtMs.set(name, nowMs + 1_000 / perSecond);
  }

  return {
    async take(name, perSecond) {
      const waitMs = (nextAtMs.get(name) ?? 0) - clock.nowMs();
      if (waitMs > 0) return waitMs;
      begun(name, perSecond);
      return 0;
    },
    begun,
  };
}

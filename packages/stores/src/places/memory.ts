import type { CallPlaces, Clock } from '@rapida/core';

interface Place {
  readonly counted: readonly string[];
  /** Infinity: it is kept. */
  readonly untilMs: number;
}

/** Of the one process there is. Bounded by the calls that are let in. */
export function createMemoryCallPlaces(clock: Pick<Clock, 'nowMs'>): CallPlaces {
  const places = new Map<string, Place>();

  function dropLapsed(): void {
    const nowMs = clock.nowMs();
    for (const [placeId, { untilMs }] of places) if (untilMs <= nowMs) places.delete(placeId);
  }

  function countOf(counted: string): number {
    let taken = 0;
    for (const place of places.values()) if (place.counted.includes(counted)) taken++;
    return taken;
  }

  return {
    async take(placeId, limits, ttlMs) {
      dropLapsed();
      if (places.has(placeId)) return { outcome: 'held' };
      const full = limits.find(({ counted, max }) => max !== null && countOf(counted) >= max);
      if (full !== undefined) return { outcome: 'full', counted: full.counted };
      places.set(placeId, { counted: limits.map(({ counted }) => counted), untilMs: clock.nowMs() + ttlMs });
      return { outcome: 'taken' };
    },
    keep(placeId, counted) {
      const before = places.get(placeId);
      places.set(placeId, { counted: before?.counted ?? counted, untilMs: Number.POSITIVE_INFINITY });
    },
    release: (placeId) => void places.delete(placeId),
    // There is no other one, and what this one had is gone with it.
    async dropOf() {},
  };
}

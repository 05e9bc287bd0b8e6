import type { CallPlaces, Clock } from '@rapida/core';

interface Place {
  /** Who let it in, or keeps it. */
  readonly nodeId: string;
  readonly counted: readonly string[];
  /** Infinity: it is kept. */
  readonly untilMs: number;
}

/** Of all nodes that one process speaks for. */
export interface MemoryCallPlaces {
  of(nodeId: string): CallPlaces;
}

/** Of the one process there is. */
export function createMemoryCallPlaces(clock: Pick<Clock, 'nowMs'>): CallPlaces {
  return createMemoryPlacesOfNodes(clock).of('single');
}

/** Bounded by the calls that are let in. */
export function createMemoryPlacesOfNodes(clock: Pick<Clock, 'nowMs'>): MemoryCallPlaces {
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
    of: (nodeId) => ({
      async take(placeId, limits, ttlMs) {
        dropLapsed();
        if (places.has(placeId)) return { outcome: 'held' };
        const full = limits.find(({ counted, max }) => max !== null && countOf(counted) >= max);
        if (full !== undefined) return { outcome: 'full', counted: full.counted };
        const counted = limits.map((limit) => limit.counted);
        places.set(placeId, { nodeId, counted, untilMs: clock.nowMs() + ttlMs });
        return { outcome: 'taken' };
      },
      keep(placeId, counted) {
        const before = places.get(placeId);
        places.set(placeId, { nodeId, counted: before?.counted ?? counted, untilMs: Number.POSITIVE_INFINITY });
      },
      release(placeId) {
        const place = places.get(placeId);
        const isKeptElsewhere = place?.untilMs === Number.POSITIVE_INFINITY && place.nodeId !== nodeId;
        if (!isKeptElsewhere) places.delete(placeId);
      },
      async dropOf(goneId) {
        for (const [placeId, place] of places) if (place.nodeId === goneId) places.delete(placeId);
      },
    }),
  };
}

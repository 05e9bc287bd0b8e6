import type { CallPlaces, Clock, PlaceTaken, Timer } from '@rapida/core';
import type { RedisLink } from '../redis/link.js';
import { DROP_OF, KEEP, RELEASE, RENEW, TAKE } from './scripts.js';

/** Places that are kept are written down anew this often, and free after the lease where their node has not been found dead before. */
export const PLACE_RENEW_MS = 10_000;
export const PLACE_LEASE_MS = 35_000;
/** Places written down in one step. */
const RENEW_BATCH = 200;
/** Of the places that nobody claimed in time so many are dropped with each that is taken: more than one, so that they end. */
const LAPSED_BATCH = 100;

export interface RedisCallPlacesOptions {
  readonly redis: RedisLink;
  readonly nodeId: string;
  readonly clock: Clock;
  /** Instead of Redis's own clock, which is the same for all nodes. */
  readonly leaseClock?: Pick<Clock, 'wallMs'>;
}

export interface RedisCallPlaces extends CallPlaces {
  /** Says nothing of what is kept here any more. Idempotent. */
  close(): void;
}

/** Every step is one script. What Redis has forgotten of the calls with media is written down again when it is back. */
export function createRedisCallPlaces({ redis, nodeId, clock, leaseClock }: RedisCallPlacesOptions): RedisCallPlaces {
  const key = redis.key('places');
  const prefix = redis.key('places', '');
  /** What is kept here, with the names it counts among. */
  const kept = new Map<string, string>();
  let timer: Timer | undefined;

  function step(script: Parameters<RedisLink['script']>[0], ...args: (string | number)[]): Promise<unknown> {
    return redis.script(script, [key], [leaseClock?.wallMs() ?? '', prefix, ...args]);
  }

  async function keep(placeId: string, names: string): Promise<void> {
    const known = await step(KEEP, placeId, nodeId, PLACE_LEASE_MS, names);
    if (kept.has(placeId)) kept.set(placeId, String(known));
  }

  function renewAll(): void {
    const all = [...kept];
    for (let n = 0; n < all.length; n += RENEW_BATCH) {
      // Where it fails the next time is soon, and the lease is longer.
      step(RENEW, nodeId, PLACE_LEASE_MS, ...all.slice(n, n + RENEW_BATCH).flat()).catch(() => {});
    }
  }

  function schedule(): void {
    timer = clock.setTimer(PLACE_RENEW_MS, () => {
      renewAll();
      schedule();
    });
  }

  const stopListening = redis.onReady(renewAll);
  schedule();
  return {
    async take(placeId, limits, ttlMs) {
      const args = limits.flatMap(({ counted, max }) => [counted, max ?? '']);
      return toTaken(String(await step(TAKE, placeId, nodeId, Math.ceil(ttlMs), LAPSED_BATCH, ...args)));
    },
    keep(placeId, counted) {
      const names = counted.join(',');
      kept.set(placeId, names);
      keep(placeId, names).catch(() => {});
    },
    release(placeId) {
      kept.delete(placeId);
      // Where it fails the place lapses.
      step(RELEASE, placeId, nodeId).catch(() => {});
    },
    async dropOf(lostId) {
      await step(DROP_OF, lostId);
    },
    close() {
      timer?.cancel();
      stopListening();
    },
  };
}

function toTaken(text: string): PlaceTaken {
  if (text === 'taken' || text === 'held') return { outcome: text };
  return { outcome: 'full', counted: text.replace(/^full /, '') };
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from './clock.js';

/** An unsigned 64-bit integer in decimal. Strings everywhere: JSON numbers lose the low digits. */
export type EntityId = string;
/** A lower-case dashed UUID: the secret that joins a media connection to a registered call. */
export type ContextId = string;

const ENTITY_ID = /^(0|[1-9][0-9]{0,19})$/;
const UINT64_MAX = 2n ** 64n - 1n;
const CONTEXT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** 42 bits of milliseconds since this instant (2025-01-01) give ids that sort by age until 2164. */
const EPOCH_MS = 1_735_689_600_000;

export function isEntityId(text: string): boolean {
  return ENTITY_ID.test(text) && BigInt(text) <= UINT64_MAX;
}

export function isContextId(text: string): boolean {
  return CONTEXT_ID.test(text);
}

export function newContextId(): ContextId {
  return randomUUID();
}

/**
 * Ids that sort by creation: 42 bits of milliseconds, then a 21-bit counter that starts at a random value below 2^20 each
 * millisecond, so that two processes seldom meet. Never repeats within a process: a clock that steps back is ignored.
 */
export function createIdSource(clock: Pick<Clock, 'wallMs'>): () => EntityId {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const nowMs = Math.floor(clock.wallMs()) - EPOCH_MS;
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = randomBytes(4).readUInt32BE(0) >>> 12;
    } else if (++counter >= 1 << 21) {
      lastMs++;
      counter = 0;
    }
    return ((BigInt(lastMs) << 21n) | BigInt(counter)).toString();
  };
}

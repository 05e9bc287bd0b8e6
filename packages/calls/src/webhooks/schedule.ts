import { backoffMs, type DeliveryState } from '@rapida/core';

/** The wait after the first failure is up to this; it doubles with each further one. */
export const FIRST_WAIT_MS = 5_000;
/** What the doubling stops at, and the longest a receiver can ask to be left alone. */
export const WAIT_MS_MAX = 3_600_000;
/** After this the event is given up. */
export const GIVE_UP_AFTER_MS = 86_400_000;

const GONE = 410;

export interface Attempted {
  readonly createdAtMs: number;
  /** This one included. */
  readonly attempts: number;
  readonly status: number | null;
  /** The header `Retry-After` as it came. */
  readonly retryAfter: string | undefined;
  readonly atMs: number;
}

/**
 * What becomes of a delivery after an attempt. Taken with any 2xx; given up where the receiver says it is gone (410), and
 * where the next attempt would be more than 24 h after the event. Waits are shortened by up to a half at random, so that
 * what failed together does not return together; `Retry-After` lengthens them.
 */
export function afterAttempt(
  { createdAtMs, attempts, status, retryAfter, atMs }: Attempted,
  random: () => number,
): { readonly state: DeliveryState; readonly nextAtMs: number | null } {
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered', nextAtMs: null };
  const ownMs = backoffMs(attempts, { backoffMs: FIRST_WAIT_MS, backoffMsMax: WAIT_MS_MAX, random });
  const askedMs = Math.min(retryAfterMs(retryAfter, atMs), WAIT_MS_MAX);
  const nextAtMs = Math.ceil(atMs + Math.max(ownMs, askedMs));
  if (status === GONE || nextAtMs > createdAtMs + GIVE_UP_AFTER_MS) return { state: 'dead', nextAtMs: null };
  return { state: 'pending', nextAtMs };
}

/** Seconds, or a date (RFC 9110 10.2.3); 0 for what is neither, or lies in the past. */
function retryAfterMs(header: string | undefined, atMs: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  const waitMs = Date.parse(text) - atMs;
  return Number.isNaN(waitMs) ? 0 : Math.max(0, waitMs);
}

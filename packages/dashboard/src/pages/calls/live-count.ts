import type { Call } from '@rapida/client';

/** `3 calls now: 2 connected, 1 waiting`; what is nowhere is left out. */
export function liveCount(calls: readonly Pick<Call, 'state'>[]): string {
  const connected = calls.filter(({ state }) => state === 'connected').length;
  const waiting = calls.filter(({ state }) => state === 'queued').length;
  const parts = [
    [connected, 'connected'],
    [calls.length - connected - waiting, 'on the way'],
    [waiting, 'waiting'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${calls.length} ${calls.length === 1 ? 'call' : 'calls'} now: ${told.join(', ')}`;
}

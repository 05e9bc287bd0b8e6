import type { Leases } from '@rapida/core';

/** One node: it has all of them. */
export function createMemoryLeases(): Leases {
  return { take: async () => true, async release() {} };
}

import type { Leases } from '@rapida/core';

/** Of all nodes that one process speaks for, and sees end. */
export interface MemoryLeases {
  of(nodeId: string): Leases;
  /** What it had is free at once. */
  ended(nodeId: string): void;
}

/** One node: it has all of them. */
export function createMemoryLeases(): Leases {
  return createMemoryLeasesOfNodes().of('single');
}

export function createMemoryLeasesOfNodes(): MemoryLeases {
  const holders = new Map<string, string>();
  return {
    of: (nodeId) => ({
      async take(name) {
        const holder = holders.get(name) ?? nodeId;
        holders.set(name, holder);
        return holder === nodeId;
      },
      async release(name) {
        if (holders.get(name) === nodeId) holders.delete(name);
      },
    }),
    ended(nodeId) {
      for (const [name, holder] of holders) if (holder === nodeId) holders.delete(name);
    },
  };
}

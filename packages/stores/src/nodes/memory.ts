import type { Clock, NodeEntry, NodeRegistry, NodeState } from '@rapida/core';

/** One node: this one. */
export function createMemoryNodeRegistry(nodeId: string, clock: Pick<Clock, 'wallMs'>): NodeRegistry {
  let own: NodeEntry | undefined;
  const renew = async (state: NodeState): Promise<void> => {
    own = { ...state, nodeId, seenAtMs: clock.wallMs(), lost: false };
  };
  return {
    join: renew,
    renew,
    list: async () => (own === undefined ? [] : [own]),
    takeLost: async () => [],
    async forget() {},
    async leave() {
      own = undefined;
    },
  };
}

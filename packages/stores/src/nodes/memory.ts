import {
  type Clock,
  type LostNode,
  type NodeEntry,
  type NodeRegistry,
  type NodeState,
  RapidaError,
  sleep,
} from '@rapida/core';

/** Whoever closes the calls of a dead node has this long; then another one may try. */
export const CLEARING_MS = 30_000;
/** How long joining waits for it. */
const JOIN_MS_MAX = 2 * CLEARING_MS;
const LOOK_MS = 100;

/** Nodes of one machine, known by a process that sees each of them end: no lease has to lapse. */
export interface MemoryNodeRegistries {
  /** What this node knows of all. */
  of(nodeId: string): NodeRegistry;
  /** Its process has ended. Where it had not left, another one is given its calls, or its own next life has them. */
  died(nodeId: string): 'had_left' | 'lost';
}

interface Entry {
  state: NodeState;
  seenAtMs: number;
  /** Wall clock. */
  lostAtMs: number | undefined;
  /** By whom, and since when. */
  taken: { readonly by: string; readonly atMs: number } | undefined;
}

/** One node: this one. */
export function createMemoryNodeRegistry(nodeId: string, clock: Clock): NodeRegistry {
  return createMemoryNodeRegistries({ clock }).of(nodeId);
}

export interface MemoryNodeRegistriesOptions {
  readonly clock: Clock;
  /** Nothing is left to close of a node that had died. */
  readonly onCleared?: (nodeId: string) => void;
}

export function createMemoryNodeRegistries(options: MemoryNodeRegistriesOptions): MemoryNodeRegistries {
  const { clock, onCleared } = options;
  const entries = new Map<string, Entry>();

  function isBeingCleared({ lostAtMs, taken }: Entry): boolean {
    return lostAtMs !== undefined && taken !== undefined && clock.nowMs() - taken.atMs < CLEARING_MS;
  }

  function renew(nodeId: string, state: NodeState): void {
    entries.set(nodeId, { state, seenAtMs: clock.wallMs(), lostAtMs: undefined, taken: undefined });
  }

  async function join(nodeId: string, state: NodeState): Promise<void> {
    const untilMs = clock.nowMs() + JOIN_MS_MAX;
    for (;;) {
      const former = entries.get(nodeId);
      if (former === undefined || !isBeingCleared(former)) {
        // What that one left open is for its next life to end, which begins now.
        if (former?.lostAtMs !== undefined) onCleared?.(nodeId);
        return renew(nodeId, state);
      }
      if (clock.nowMs() >= untilMs) {
        throw new RapidaError('store_failed', 'Another node does not come to an end with the calls of this one.');
      }
      await sleep(clock, LOOK_MS);
    }
  }

  function takeLost(by: string): LostNode[] {
    const lost: LostNode[] = [];
    for (const [nodeId, entry] of entries) {
      if (entry.lostAtMs === undefined || isBeingCleared(entry)) continue;
      entry.taken = { by, atMs: clock.nowMs() };
      lost.push({ nodeId, lapsedAtMs: entry.lostAtMs });
    }
    return lost;
  }

  return {
    of: (nodeId) => ({
      join: (state) => join(nodeId, state),
      async renew(state) {
        // Of a process that is known to have ended something may still be on its way.
        if (entries.get(nodeId)?.lostAtMs === undefined) renew(nodeId, state);
      },
      list: async () => [...entries].map(([id, entry]) => toEntry(id, entry)),
      takeLost: async () => takeLost(nodeId),
      async forget({ nodeId: lostId, lapsedAtMs }) {
        if (entries.get(lostId)?.lostAtMs !== lapsedAtMs) return;
        entries.delete(lostId);
        onCleared?.(lostId);
      },
      async leave() {
        entries.delete(nodeId);
      },
    }),
    died(nodeId) {
      for (const entry of entries.values()) if (entry.taken?.by === nodeId) entry.taken = undefined;
      const entry = entries.get(nodeId);
      if (entry === undefined) return 'had_left';
      entry.lostAtMs ??= clock.wallMs();
      return 'lost';
    },
  };
}

function toEntry(nodeId: string, { state, seenAtMs, lostAtMs }: Entry): NodeEntry {
  return { ...state, nodeId, seenAtMs, lost: lostAtMs !== undefined };
}

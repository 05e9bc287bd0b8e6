import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type LostNode,
  NODE_LEASE_MS,
  NODE_RENEW_MS,
  type NodeEntry,
  type NodeRegistry,
  type NodeState,
  RapidaError,
  sleep,
} from '@rapida/core';
import type { RedisLink } from '../redis/link.js';
import { FORGET, LEAVE, LIST, RENEW, TAKE_LOST } from './scripts.js';

/** Whoever closes the calls of a dead node has this long; then another one may try. */
export const CLEARING_MS = 30_000;
/** Dead nodes taken at once. */
const TAKEN_MAX = 10;
/** A process that had this name and says nothing for so long is not there any more. */
const OTHER_SILENT_MS = 2.5 * NODE_RENEW_MS;
const LOOK_MS = 250;
/** How long joining may take: a clearing that was itself cut off, and one that follows. */
const JOIN_MS_MAX = 2 * CLEARING_MS;

export interface RedisNodeRegistryOptions {
  readonly redis: RedisLink;
  readonly nodeId: string;
  readonly clock: Clock;
  /** Instead of Redis's own clock, which is the same for all nodes. */
  readonly leaseClock?: Pick<Clock, 'wallMs'>;
}

type Renewed = 'ok' | 'clearing' | 'taken';

/** When each node was last seen is a sorted list; what it said, and which process it is, two hashes beside it. */
export function createRedisNodeRegistry(options: RedisNodeRegistryOptions): NodeRegistry {
  const { redis, nodeId, clock, leaseClock } = options;
  const [seen, states, processes] = [redis.key('nodes'), redis.key('node-states'), redis.key('node-processes')];
  const clearing = (id: string): string => redis.key('clearing', id);
  const instance = randomUUID();
  const now = (): number | string => leaseClock?.wallMs() ?? '';
  /** Who was there when Redis was last heard of: after a loss it may have forgotten them, and the dead among them. */
  let peers: readonly string[] = [];
  /** Since when every renewal has succeeded. */
  let steadySinceMs: number | undefined;
  let renewedAtMs = Number.NEGATIVE_INFINITY;

  async function write(state: NodeState, force: '1' | '0'): Promise<Renewed> {
    const keys = [seen, states, processes, clearing(nodeId)];
    const again = steadySinceMs === undefined ? peers : [];
    const args = [now(), nodeId, JSON.stringify(state), instance, NODE_LEASE_MS, force, ...again];
    try {
      const [done, ...known] = (await redis.script(RENEW, keys, args)) as [Renewed, ...string[]];
      if (done === 'ok') renewed(known);
      else steadySinceMs = undefined;
      return done;
    } catch (error) {
      steadySinceMs = undefined;
      throw error;
    }
  }

  function renewed(known: readonly string[]): void {
    const nowMs = clock.nowMs();
    if (nowMs - renewedAtMs > NODE_LEASE_MS) steadySinceMs = undefined;
    steadySinceMs ??= nowMs;
    renewedAtMs = nowMs;
    peers = known;
  }

  /** Could this node tell a dead one from one that was, as itself, out of touch? */
  function canTell(): boolean {
    const nowMs = clock.nowMs();
    if (steadySinceMs === undefined || nowMs - renewedAtMs > NODE_LEASE_MS) return false;
    return nowMs - steadySinceMs >= NODE_LEASE_MS;
  }

  return {
    async join(state) {
      const untilMs = clock.nowMs() + JOIN_MS_MAX;
      let other: { readonly seenAt: string | null; readonly sinceMs: number } | undefined;
      for (;;) {
        const isSilent = other !== undefined && clock.nowMs() - other.sinceMs >= OTHER_SILENT_MS;
        const done = await write(state, isSilent ? '1' : '0');
        if (done === 'ok') return;
        if (done === 'taken') {
          const seenAt = await redis.run((client) => client.zscore(seen, nodeId));
          other ??= { seenAt, sinceMs: clock.nowMs() };
          if (seenAt === other.seenAt) await sleep(clock, LOOK_MS);
          else throw new RapidaError('setting_invalid', `NODE__ID=${nodeId}: another process runs under this name`);
        } else {
          if (clock.nowMs() > untilMs) {
            throw new RapidaError('store_failed', 'Another node does not come to an end with the calls of this one.');
          }
          await sleep(clock, LOOK_MS);
        }
      }
    },
    async renew(state) {
      const done = await write(state, '0');
      if (done === 'clearing') throw new RapidaError('store_failed', 'Another node takes this one for dead.');
      if (done === 'taken') throw new RapidaError('store_failed', 'Another process has taken the name of this node.');
    },
    list: async () => toEntries((await redis.script(LIST, [seen, states], [now()])) as string[]),
    async takeLost() {
      if (!canTell()) return [];
      const args = [now(), nodeId, instance, NODE_LEASE_MS, CLEARING_MS, TAKEN_MAX, clearing('')];
      return toLost((await redis.script(TAKE_LOST, [seen], args)) as string[]);
    },
    async forget({ nodeId: lostId, lapsedAtMs }) {
      const args = [now(), lostId, lapsedAtMs, NODE_LEASE_MS];
      await redis.script(FORGET, [seen, states, processes, clearing(lostId)], args);
    },
    async leave() {
      // Where it fails its lease lapses, and another node finds nothing to close.
      await redis.script(LEAVE, [seen, states, processes], [now(), nodeId, instance]).catch(() => {});
    },
  };
}

/** Now, and of each node its name, when it was seen, and what it said. */
function toEntries([nowMs, ...rows]: readonly string[]): NodeEntry[] {
  const nodes: NodeEntry[] = [];
  for (let n = 0; n + 2 < rows.length; n += 3) {
    const [nodeId = '', seenAt = '', json = ''] = rows.slice(n, n + 3);
    const seenAtMs = Number(seenAt);
    const lost = Number(nowMs) - seenAtMs >= NODE_LEASE_MS;
    // Where Redis has forgotten the rest it is known by its name only.
    if (json !== '') nodes.push({ ...(JSON.parse(json) as NodeState), nodeId, seenAtMs, lost });
  }
  return nodes;
}

/** Of each node its name, and when its lease lapsed. */
function toLost(taken: readonly string[]): LostNode[] {
  const lost: LostNode[] = [];
  for (let n = 0; n + 1 < taken.length; n += 2) {
    const [nodeId = '', lapsedAt = ''] = taken.slice(n, n + 2);
    lost.push({ nodeId, lapsedAtMs: Number(lapsedAt) });
  }
  return lost;
}

import { randomUUID } from 'node:crypto';
import { type Clock, NODE_LEASE_MS, type NodeRegistry, RapidaError, sleep } from '@rapida/core';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';

/** How often it is looked whether the node that has the database is still there. */
const LOOK_MS = 250;
const SLOT = 1;

export interface OnlyNodeOptions {
  /** A PostgreSQL: others may use it as well. */
  readonly database: Database;
  readonly nodeId: string;
  readonly clock: Clock;
  /** What this node knows of itself. */
  readonly registry: NodeRegistry;
}

/**
 * The node of an installation without Redis, which must be the only one: nobody else could claim its contexts, hear of its calls
 * or close them. It has a row with a lease by the clock of the database - not a lock of a session, which a pooler would
 * give to somebody else. A node that was killed has it again at once, another one when the lease has lapsed.
 */
export function createOnlyNodeRegistry({ database, nodeId, clock, registry }: OnlyNodeOptions): NodeRegistry {
  const { kysely } = database;
  const process = randomUUID();
  const now = sql<number>`extract(epoch from clock_timestamp()) * 1000`;

  /** True where this process has it now. `ownName`: also from a process that had the same name. */
  async function take({ ownName }: { readonly ownName: boolean }): Promise<boolean> {
    const row = { slot: SLOT, node_id: nodeId, process, seen_at_ms: now };
    const taken = await kysely
      .insertInto('only_node')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('slot')
          .doUpdateSet(row)
          .where((eb) =>
            eb.or([
              eb('only_node.process', '=', process),
              eb('only_node.seen_at_ms', '<=', sql<number>`${now} - ${sql.lit(NODE_LEASE_MS)}`),
              ...(ownName ? [eb('only_node.node_id', '=', nodeId)] : []),
            ]),
          ),
      )
      .returning('slot')
      .executeTakeFirst();
    return taken !== undefined;
  }

  const holder = () => kysely.selectFrom('only_node').select(['node_id', 'seen_at_ms']).executeTakeFirst();

  return {
    ...registry,
    async join(state) {
      for (let before = await holder(); !(await take({ ownName: true })); ) {
        const now = await holder();
        before ??= now;
        if (now !== undefined && before !== undefined && now.seen_at_ms !== before.seen_at_ms)
          throw refusal(now.node_id);
        await sleep(clock, LOOK_MS);
      }
      await registry.join(state);
    },
    async renew(state) {
      if (!(await take({ ownName: false }))) throw new RapidaError('store_failed', sentenceFor(await holder()));
      await registry.renew(state);
    },
    async leave() {
      await registry.leave();
      // Where it fails its lease lapses.
      await kysely
        .deleteFrom('only_node')
        .where('process', '=', process)
        .execute()
        .catch(() => {});
    },
  };
}

function refusal(nodeId: string): RapidaError {
  return new RapidaError('setting_invalid', `REDIS_URL is not set: ${sentenceFor({ node_id: nodeId })}`);
}

function sentenceFor(holder: { readonly node_id: string } | undefined): string {
  const other = holder === undefined ? 'another node' : `node ${holder.node_id}`;
  return `${other} uses this database, and several nodes need a Redis that all of them name in REDIS_URL.`;
}

import { NODE_LEASE_MS, type NodeState, RapidaError, systemClock } from '@rapida/core';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Database } from '../database/database.js';
import { openEmptyPostgres } from '../database/databases.test.helper.js';
import { createMemoryNodeRegistry } from './memory.js';
import { createOnlyNodeRegistry } from './only.js';

const STATE: NodeState = {
  host: 'h',
  version: '1',
  startedAtMs: 0,
  calls: 0,
  draining: false,
  loopDelayMs: 0,
  lateFrames: 0,
};
const clock = systemClock;
let database: Database;
beforeAll(async () => {
  database = await openEmptyPostgres();
});
afterEach(() => database.kysely.deleteFrom('only_node').execute());
afterAll(() => database.close());

function node(nodeId: string) {
  const made = createOnlyNodeRegistry({ database, nodeId, clock, registry: createMemoryNodeRegistry(nodeId, clock) });
  return { ...made, join: () => made.join(STATE), renew: () => made.renew(STATE) };
}

/** The lease is believed this much longer or shorter. */
async function age(byMs: number): Promise<void> {
  await sql`update only_node set seen_at_ms = seen_at_ms - ${byMs}`.execute(database.kysely);
}

const failureOf = (doing: Promise<void>) =>
  doing.then(
    () => expect.unreachable('it was let in'),
    (error: unknown) => RapidaError.from(error),
  );

it('a second node is refused as soon as the first one is heard of, with the name of the setting that is missing', async () => {
  const [first, second] = [node('a'), node('b')];
  await first.join();
  let isRefused = false;
  const refused = failureOf(second.join()).finally(() => {
    isRefused = true;
  });
  await vi.waitFor(
    async () => {
      await first.renew();
      expect(isRefused).toBe(true);
    },
    { timeout: 10_000, interval: 100 },
  );
  const { code, message } = await refused;
  expect(code).toBe('setting_invalid');
  expect(message).toMatch(/REDIS_URL is not set: node a uses this database/);
  await first.renew();
  expect((await first.list()).map(({ nodeId }) => nodeId)).toEqual(['a']);
});

it('a node that was killed has the database again at once, whatever its lease', async () => {
  await node('a').join();
  const again = node('a');
  await again.join();
  await again.renew();
});

it('another node has it when the lease of one that died has lapsed', async () => {
  await node('a').join();
  await age(NODE_LEASE_MS - 300);
  const next = node('b');
  await next.join();
  await next.renew();
});

it('a node that has left in order leaves it to anybody', async () => {
  const first = node('a');
  await first.join();
  await first.leave();
  await node('b').join();
});

it('a node that was away for so long that another one has taken the database says so each time it renews', async () => {
  const first = node('a');
  await first.join();
  await age(NODE_LEASE_MS);
  const next = node('b');
  await next.join();
  const failed = await failureOf(first.renew());
  expect(failed).toMatchObject({
    code: 'store_failed',
    message: expect.stringMatching(/node b uses this database.*REDIS_URL/),
  });
  // And takes nothing from it when it stops.
  await first.leave();
  await next.renew();
});

it('of nodes that start together one has it', async () => {
  const nodes = ['a', 'b', 'c', 'd'].map(node);
  const joined: string[] = [];
  const joining = nodes.map(async (one, n) => {
    await one.join();
    joined.push(String(n));
    return one;
  });
  await vi.waitFor(() => expect(joined).toHaveLength(1), { timeout: 10_000, interval: 20 });
  const winner = nodes[Number(joined[0])];
  const settled = Promise.allSettled(joining);
  let isOver = false;
  void settled.then(() => {
    isOver = true;
  });
  await vi.waitFor(
    async () => {
      await winner?.renew();
      expect(isOver).toBe(true);
    },
    { timeout: 10_000, interval: 100 },
  );
  expect((await settled).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

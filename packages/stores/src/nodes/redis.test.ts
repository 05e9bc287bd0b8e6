import { NODE_LEASE_MS, NODE_RENEW_MS, type NodeRegistry, type NodeState } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RedisLink } from '../redis/link.js';
import { linkToRedis } from '../redis/redis.test.helper.js';
import { CLEARING_MS, createRedisNodeRegistry } from './redis.js';

let redis: RedisLink;
let clock: VirtualClock;
beforeEach(async () => {
  redis = await linkToRedis();
  clock = new VirtualClock();
});

const STATE: NodeState = {
  ...{ host: 'pbx-1', version: '1.2.3', startedAtMs: 5, calls: 2, draining: false, loopDelayMs: 1.5, lateFrames: 3 },
};

const node = (nodeId: string): NodeRegistry => createRedisNodeRegistry({ redis, nodeId, clock, leaseClock: clock });

async function joined(nodeId: string): Promise<NodeRegistry> {
  const registry = node(nodeId);
  await registry.join(STATE);
  return registry;
}

/** Lets time pass in which these nodes say that they are there. */
async function pass(ms: number, ...alive: readonly NodeRegistry[]): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += NODE_RENEW_MS) {
    await clock.advance(NODE_RENEW_MS);
    for (const one of alive) await one.renew(STATE);
  }
}

/** Joins while time passes. */
async function joining(registry: NodeRegistry, meanwhile = async (): Promise<void> => {}): Promise<unknown> {
  let done = false;
  const end = registry.join(STATE).then(
    () => 'joined',
    (error: unknown) => error,
  );
  void end.then(() => {
    done = true;
  });
  while (!done) {
    await meanwhile();
    // What is asked of Redis takes its time, which is not that of the clock.
    await redis.run((client) => client.ping());
    await clock.advance(50);
  }
  return end;
}

const ids = async (registry: NodeRegistry) => (await registry.list()).map(({ nodeId }) => nodeId).sort();
const lost = async (registry: NodeRegistry) => (await registry.takeLost()).map(({ nodeId }) => nodeId);

describe('nodes in Redis', () => {
  it('know each other, as each last said it was', async () => {
    const [a, b] = [await joined('a'), await joined('b')];
    await b.renew({ ...STATE, host: 'pbx-2', draining: true });
    const seen = { seenAtMs: clock.wallMs(), lost: false };
    for (const registry of [a, b]) {
      expect(await registry.list()).toEqual([
        { ...STATE, nodeId: 'a', ...seen },
        { ...STATE, host: 'pbx-2', draining: true, nodeId: 'b', ...seen },
      ]);
    }
  });

  it('go by the clock of Redis where they are not told otherwise', async () => {
    const registry = createRedisNodeRegistry({ redis, nodeId: 'a', clock });
    await registry.join(STATE);
    expect(await registry.list()).toMatchObject([{ nodeId: 'a', lost: false }]);
  });

  it('miss one that has died after its lease, and one of them is to close its calls', async () => {
    const [a, b, c] = [await joined('a'), await joined('b'), await joined('c')];
    const deadAtMs = clock.wallMs();
    await pass(NODE_LEASE_MS - NODE_RENEW_MS, a, b);
    expect(await lost(a)).toEqual([]);
    await pass(NODE_RENEW_MS, a, b);
    expect(await b.list()).toMatchObject([{ nodeId: 'c', lost: true }, { nodeId: 'a', lost: false }, { lost: false }]);
    const taken = await Promise.all([a.takeLost(), b.takeLost()]);
    expect(taken.flat()).toEqual([{ nodeId: 'c', lapsedAtMs: deadAtMs + NODE_LEASE_MS }]);
    await (taken[0].length > 0 ? a : b).forget(taken.flat()[0]!);
    expect(await ids(a)).toEqual(['a', 'b']);
    await pass(NODE_LEASE_MS, a, b);
    expect([...(await lost(a)), ...(await lost(b))]).toEqual([]);
    await c.leave();
  });

  it('take over where the one that was to close the calls has died as well', async () => {
    const [a, b] = [await joined('a'), await joined('b')];
    await joined('c');
    await pass(NODE_LEASE_MS, a, b);
    expect(await lost(a)).toEqual(['c']);
    expect(await lost(b)).toEqual([]);
    await redis.run((client) => client.pexpire(redis.key('clearing', 'c'), 1));
    await expect.poll(() => lost(b)).toEqual(['c']);
    expect(await redis.run((client) => client.pttl(redis.key('clearing', 'c')))).toBeLessThanOrEqual(CLEARING_MS);
  });

  it('miss nobody who has left', async () => {
    const [a, b] = [await joined('a'), await joined('b')];
    await b.leave();
    expect(await ids(a)).toEqual(['a']);
    await pass(2 * NODE_LEASE_MS, a);
    expect(await lost(a)).toEqual([]);
  });

  it('call nobody dead as long as they were themselves out of touch a moment ago', async () => {
    const [a] = [await joined('a'), await joined('b')];
    // Nobody could say anything.
    await clock.advance(10 * NODE_LEASE_MS);
    await a.renew(STATE);
    expect(await lost(a)).toEqual([]);
    await pass(NODE_LEASE_MS - NODE_RENEW_MS, a);
    expect(await lost(a)).toEqual([]);
    await pass(NODE_RENEW_MS, a);
    expect(await lost(a)).toEqual(['b']);
  });

  it('do not forget who was there where Redis has, so that the dead are found out', async () => {
    const [a] = [await joined('a'), await joined('b')];
    await a.renew(STATE);
    // One that fails: Redis is away.
    await redis.run((client) => client.set(redis.key('clearing', 'a'), 'x'));
    await expect(a.renew(STATE)).rejects.toMatchObject({ code: 'store_failed' });
    await redis.run((client) =>
      client.del(...['nodes', 'node-states', 'node-processes', 'clearing:a'].map((name) => redis.key(name))),
    );
    await pass(NODE_LEASE_MS + NODE_RENEW_MS, a);
    expect(await ids(a)).toEqual(['a']);
    expect(await lost(a)).toEqual(['b']);
  });

  it('wait where another one is closing their calls', async () => {
    const [a] = [await joined('a'), await joined('b')];
    await pass(NODE_LEASE_MS, a);
    const [taken] = await a.takeLost();
    let looked = 0;
    const again = joining(node('b'), async () => {
      if (looked++ === 20) await a.forget(taken!);
    });
    expect(await again).toBe('joined');
    expect(looked).toBeGreaterThan(20);
    expect(await ids(a)).toEqual(['a', 'b']);
  });

  it('take their own name over from a former life that is silent', async () => {
    const former = await joined('a');
    const restarted = node('a');
    expect(await joining(restarted)).toBe('joined');
    await expect(former.renew(STATE)).rejects.toMatchObject({ code: 'store_failed' });
    await former.leave();
    expect(await ids(restarted)).toEqual(['a']);
  });

  it('refuse a name under which another process runs', async () => {
    const other = await joined('a');
    const result = await joining(node('a'), () => other.renew(STATE));
    expect(result).toMatchObject({ code: 'setting_invalid', message: expect.stringContaining('NODE__ID=a') });
  });
});

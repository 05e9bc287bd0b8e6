import { randomUUID } from 'node:crypto';
import { newContextId } from '@rapida/core';
import { callContextStoreConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisLink } from '../redis/link.js';
import { linkToRedis } from '../redis/redis.test.helper.js';
import { createRedisContextStore } from './redis.js';

callContextStoreConformance('Redis', async (clock, limits) =>
  createRedisContextStore({ redis: await linkToRedis(), clock, ...limits }),
);

const aContext = () => ({ contextId: newContextId(), callId: '3', projectId: '1', assistantId: '2' });

describe('call contexts in Redis', () => {
  it('treats a time to live that is no number, or none, as passed', async () => {
    const store = createRedisContextStore({ redis: await linkToRedis() });
    for (const ttlMs of [Number.NaN, 0, -1]) {
      const context = aContext();
      await store.put(context, ttlMs);
      expect(await store.take(context.contextId)).toEqual({ ok: false, code: 'context_expired' });
    }
    expect(await store.expired()).toHaveLength(3);
  });

  it('goes by the clock of Redis where it is not told otherwise', async () => {
    const store = createRedisContextStore({ redis: await linkToRedis() });
    const context = aContext();
    await store.put(context, 60_000);
    expect(await store.expired()).toEqual([]);
    expect(await store.take(context.contextId)).toEqual({ ok: true, context });
  });

  it('leaves nothing in Redis for ever', async () => {
    const redis = await linkToRedis();
    const store = createRedisContextStore({ redis, rememberMs: 5_000, clock: new VirtualClock() });
    const [waiting, used] = [aContext(), aContext()];
    for (const context of [waiting, used]) await store.put(context, 1_000);
    await store.take(used.contextId);
    const ttl = (id: string) => redis.run((client) => client.pttl(redis.key('context', id)));
    for (const [id, most] of [
      [waiting.contextId, 6_000],
      [used.contextId, 5_000],
    ] as const) {
      const left = await ttl(id);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(most);
    }
  });

  it('takes nothing in and knows nothing after it is closed', async () => {
    const store = createRedisContextStore({ redis: await linkToRedis() });
    await store.close();
    await expect(store.put(aContext(), 1_000)).rejects.toMatchObject({ code: 'store_failed' });
    await expect(store.take(newContextId())).rejects.toMatchObject({ code: 'store_failed' });
  });
});

describe('a hundred nodes that claim one context at once', () => {
  const links: RedisLink[] = [];
  afterEach(async () => {
    for (const one of links.splice(0)) await one.close();
  });

  it('have one winner among them, a thousand times over', async () => {
    const prefix = `test-${randomUUID()}`;
    links.push(...(await Promise.all(Array.from({ length: 100 }, () => linkToRedis(prefix)))));
    const stores = links.map((redis) => createRedisContextStore({ redis }));
    let used = 0;
    for (let round = 0; round < 1_000; round++) {
      const context = aContext();
      await stores[round % stores.length]!.put(context, 60_000);
      const claims = await Promise.all(stores.map((store) => store.take(context.contextId)));
      expect(claims.filter(({ ok }) => ok)).toEqual([{ ok: true, context }]);
      for (const claim of claims) if (!claim.ok && claim.code === 'context_used') used++;
    }
    expect(used).toBe(99_000);
  }, 120_000);
});

import { expect, it, vi } from 'vitest';
import { linkToRedis } from '../redis/redis.test.helper.js';
import { createRedisLeases } from './redis.js';

async function open(leaseMs?: number) {
  const redis = await linkToRedis();
  const node = (nodeId: string) => createRedisLeases({ redis, nodeId, ...(leaseMs !== undefined && { leaseMs }) });
  return { redis, a: node('a'), b: node('b') };
}

it('one node has a lease, and goes on with it until it releases it', async () => {
  const { a, b } = await open();
  expect([await a.take('x'), await b.take('x'), await b.take('y')]).toEqual([true, false, true]);
  expect(await a.take('x')).toBe(true);
  await b.release('x');
  expect(await b.take('x')).toBe(false);
  await a.release('x');
  expect([await b.take('x'), await a.take('x')]).toEqual([true, false]);
});

it('a lease that is not taken again goes to another node', async () => {
  const { a, b } = await open(60);
  expect(await a.take('x')).toBe(true);
  await vi.waitFor(async () => expect(await b.take('x')).toBe(true), { interval: 5 });
  expect(await a.take('x')).toBe(false);
});

it('where Redis is gone nothing is known of a lease, and releasing it goes wrong for nobody', async () => {
  const { redis, a } = await open();
  await redis.close();
  await expect(a.take('x')).rejects.toMatchObject({ code: 'store_failed' });
  await a.release('x');
});

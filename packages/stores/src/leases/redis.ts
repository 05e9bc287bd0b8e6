import { LEASE_MS, type Leases } from '@rapida/core';
import { type RedisLink, redisScript } from '../redis/link.js';

export interface RedisLeasesOptions {
  readonly redis: RedisLink;
  readonly nodeId: string;
  /** How long one is believed. */
  readonly leaseMs?: number;
}

/** Each is a key with the name of its node, which expires. */
export function createRedisLeases({ redis, nodeId, leaseMs = LEASE_MS }: RedisLeasesOptions): Leases {
  const keyOf = (name: string): string => redis.key('lease', name);
  return {
    take: async (name) => (await redis.script(TAKE, [keyOf(name)], [nodeId, leaseMs])) === 1,
    async release(name) {
      // Where it fails it lapses.
      await redis.script(RELEASE, [keyOf(name)], [nodeId]).catch(() => {});
    },
  };
}

const TAKE = redisScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

const RELEASE = redisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`);

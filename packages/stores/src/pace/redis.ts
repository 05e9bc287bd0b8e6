import type { CallPace, Clock } from '@rapida/core';
import { type RedisLink, redisScript } from '../redis/link.js';

export interface RedisCallPaceOptions {
  readonly redis: RedisLink;
  /** Instead of Redis's own clock, which is the same for all nodes. */
  readonly clock?: Pick<Clock, 'wallMs'>;
}

/** Under each name is the moment from which on the next turn can be taken; it is forgotten then. */
export function createRedisCallPace({ redis, clock }: RedisCallPaceOptions): CallPace {
  const now = (): string | number => (clock === undefined ? '' : clock.wallMs());
  const step = (name: string, perSecond: number, mode: 'take' | 'begun') =>
    redis.script(TURN, [redis.key('pace', name)], [now(), 1_000 / perSecond, mode]);
  return {
    take: async (name, perSecond) => Number(await step(name, perSecond, 'take')),
    // Where it fails the turn that was taken stands.
    begun: (name, perSecond) => void step(name, perSecond, 'begun').catch(() => {}),
  };
}

/** By the microsecond: a hundred turns in a second are ten milliseconds apart. KEYS: the name. ARGV: now, distance, mode. */
const TURN = redisScript(`
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end
local distance = tonumber(ARGV[2])
local waitMs = tonumber(redis.call('GET', KEYS[1]) or '0') - now
if ARGV[3] == 'take' and waitMs > 0 then return string.format('%.3f', waitMs) end
redis.call('SET', KEYS[1], string.format('%.3f', now + distance), 'PX', math.ceil(distance) + 1)
return '0'`);

import { redisScript } from '../redis/link.js';
import { REDIS_NOW } from '../redis/now.js';

/** KEYS: seen, states, processes, clearing. ARGV: now, id, state, process, lease, force, ids that may have been forgotten. */
export const RENEW = redisScript(`${REDIS_NOW}
local id, process = ARGV[2], ARGV[4]
if redis.call('EXISTS', KEYS[4]) == 1 then return {'clearing'} end
local other, seen = redis.call('HGET', KEYS[3], id), redis.call('ZSCORE', KEYS[1], id)
if other and other ~= process and seen and ARGV[6] ~= '1' and now - tonumber(seen) < tonumber(ARGV[5]) then return {'taken'} end
redis.call('ZADD', KEYS[1], now, id)
redis.call('HSET', KEYS[2], id, ARGV[3])
redis.call('HSET', KEYS[3], id, process)
for n = 7, #ARGV do redis.call('ZADD', KEYS[1], 'NX', now, ARGV[n]) end
local known = redis.call('ZRANGE', KEYS[1], 0, -1)
table.insert(known, 1, 'ok')
return known`);

/** KEYS: seen, states. ARGV: now. */
export const LIST = redisScript(`${REDIS_NOW}
local rows = {string.format('%.0f', now)}
local seen = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for n = 1, #seen, 2 do
  table.insert(rows, seen[n])
  table.insert(rows, seen[n + 1])
  table.insert(rows, redis.call('HGET', KEYS[2], seen[n]) or '')
end
return rows`);

/** KEYS: seen. ARGV: now, own id, process, lease, how long it is taken, how many, what is in front of an id in the key of a clearing. */
export const TAKE_LOST = redisScript(`${REDIS_NOW}
local lease = tonumber(ARGV[4])
local lapsed = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - lease, 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[6]) + 1)
local taken = {}
for n = 1, #lapsed, 2 do
  local id = lapsed[n]
  if id ~= ARGV[2] and redis.call('SET', ARGV[7] .. id, ARGV[3], 'NX', 'PX', ARGV[5]) then
    table.insert(taken, id)
    table.insert(taken, string.format('%.0f', tonumber(lapsed[n + 1]) + lease))
  end
end
return taken`);

/** KEYS: seen, states, processes, clearing. ARGV: now, id, when it lapsed, lease. */
export const FORGET = redisScript(`
local seen = redis.call('ZSCORE', KEYS[1], ARGV[2])
if seen and tonumber(seen) + tonumber(ARGV[4]) <= tonumber(ARGV[3]) then
  redis.call('ZREM', KEYS[1], ARGV[2])
  redis.call('HDEL', KEYS[2], ARGV[2])
  redis.call('HDEL', KEYS[3], ARGV[2])
end
redis.call('DEL', KEYS[4])
return 1`);

/** KEYS: seen, states, processes. ARGV: now, id, process. */
export const LEAVE = redisScript(`
if redis.call('HGET', KEYS[3], ARGV[2]) ~= ARGV[3] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[2])
return 1`);

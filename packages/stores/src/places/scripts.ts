import { redisScript } from '../redis/link.js';
import { REDIS_NOW } from '../redis/now.js';

/**
 * KEYS[1] has of each place `w` or `k` (waits, is kept), the node, and what it counts among: `k node-a all,assistant:7`. Under
 * ARGV[2] in front of each of those is a list of places by the moment each lapses; all are in `all`.
 */
const PLACES = `${REDIS_NOW}
local places, prefix = KEYS[1], ARGV[2]
local function read(id)
  local value = redis.call('HGET', places, id)
  if not value then return nil end
  return string.match(value, '^(%S+) (%S+) (%S+)$')
end
local function drop(id)
  local _, _, names = read(id)
  redis.call('HDEL', places, id)
  redis.call('ZREM', prefix .. 'all', id)
  for name in string.gmatch(names or '', '[^,]+') do redis.call('ZREM', prefix .. name, id) end
end
local function write(id, state, node, names, untilMs)
  redis.call('HSET', places, id, state .. ' ' .. node .. ' ' .. names)
  for name in string.gmatch(names, '[^,]+') do redis.call('ZADD', prefix .. name, untilMs, id) end
end
`;

/** ARGV: now, prefix, id, node, ttl, how many lapsed ones are dropped at once, and of each limit its name and number, or ''. */
export const TAKE = redisScript(`${PLACES}
local id = ARGV[3]
for _, lapsed in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'all', '-inf', now, 'LIMIT', 0, ARGV[6])) do drop(lapsed) end
local untilMs = redis.call('ZSCORE', prefix .. 'all', id)
if untilMs and tonumber(untilMs) > now then return 'held' end
local names = {}
for n = 7, #ARGV, 2 do
  table.insert(names, ARGV[n])
  local free = ARGV[n + 1] == '' or redis.call('ZCOUNT', prefix .. ARGV[n], '(' .. now, '+inf') < tonumber(ARGV[n + 1])
  if not free then return 'full ' .. ARGV[n] end
end
write(id, 'w', ARGV[4], table.concat(names, ','), now + tonumber(ARGV[5]))
return 'taken'`);

/** ARGV: now, prefix, id, node, lease, names where nothing is known. Returns the names. */
export const KEEP = redisScript(`${PLACES}
local _, _, names = read(ARGV[3])
names = names or ARGV[6]
write(ARGV[3], 'k', ARGV[4], names, now + tonumber(ARGV[5]))
return names`);

/** ARGV: now, prefix, node, lease, and of each place its id and names. */
export const RENEW = redisScript(`${PLACES}
for n = 5, #ARGV, 2 do
  local state, node, names = read(ARGV[n])
  local isOthers = state == 'k' and node ~= ARGV[3]
  if not isOthers then write(ARGV[n], 'k', ARGV[3], names or ARGV[n + 1], now + tonumber(ARGV[4])) end
end
return 1`);

/** ARGV: now, prefix, id, node. */
export const RELEASE = redisScript(`${PLACES}
local state, node = read(ARGV[3])
if state == 'k' and node ~= ARGV[4] then return 0 end
drop(ARGV[3])
return 1`);

/** ARGV: now, prefix, node. As many steps as there are places: a node seldom dies. */
export const DROP_OF = redisScript(`${PLACES}
for _, id in ipairs(redis.call('HKEYS', places)) do
  local _, node = read(id)
  if node == ARGV[3] then drop(id) end
end
return 1`);

import { type CallContext, type CallContextStore, type Clock, type ContextId, RapidaError } from '@rapida/core';
import { type RedisLink, redisScript } from '../redis/link.js';
import { REDIS_NOW } from '../redis/now.js';

/** Contexts taken from the list of those that have expired, in one step. */
const EXPIRED_BATCH = 200;
/** A context id has 36 characters; longer ones are nobody's. */
const ID_LENGTH_MAX = 64;

export interface RedisContextStoreOptions {
  readonly redis: RedisLink;
  /** Unclaimed contexts at once, of all nodes; `put` refuses above it. */
  readonly contextsMax?: number;
  /** How long a failed claim is told `used` or `expired` instead of `unknown`, and an expired one waits to be reported. */
  readonly rememberMs?: number;
  /** Instead of Redis's own clock, which is the same for all nodes. */
  readonly clock?: Pick<Clock, 'wallMs'>;
}

/**
 * Contexts of all nodes. Each is one key: `<when it expires> <JSON>` while it can be claimed, `used` or `expired` for a while
 * afterwards. The list `waiting` has the unclaimed ones by the moment they expire. Every step is one script: Redis runs one at a time.
 */
export function createRedisContextStore(options: RedisContextStoreOptions): CallContextStore {
  const { redis, contextsMax = 10_000, rememberMs = 15 * 60_000, clock } = options;
  const waiting = redis.key('contexts');
  let closed = false;
  const keyOf = (contextId: ContextId): string => redis.key('context', contextId);
  const now = (): string | number => clock?.wallMs() ?? '';

  async function step(script: Parameters<RedisLink['script']>[0], id: ContextId, args: readonly (string | number)[]) {
    if (closed) throw new RapidaError('store_failed', 'The store of call contexts is closed.');
    return redis.script(script, [keyOf(id), waiting], [now(), id, ...args]);
  }

  async function put(script: typeof PUT, context: CallContext, ttlMs: number): Promise<void> {
    const wait = ttlMs > 0 ? Math.ceil(ttlMs) : 0;
    const done = await step(script, context.contextId, [wait, rememberMs, contextsMax, JSON.stringify(context)]);
    if (done === 'twice') throw new RapidaError('internal', 'A call context was registered twice.');
    if (done === 'full') {
      throw new RapidaError('at_capacity', `${contextsMax} registered calls are waiting for their media already.`);
    }
  }

  return {
    /** An id that was put before is refused with `internal`: it could be claimed twice. */
    put: (context, ttlMs) => put(PUT, context, ttlMs),
    putAgain: (context, ttlMs) => put(PUT_AGAIN, context, ttlMs),
    async take(contextId) {
      if (contextId.length > ID_LENGTH_MAX) return { ok: false, code: 'context_unknown' };
      const found = await step(TAKE, contextId, [rememberMs]);
      if (found === 'used') return { ok: false, code: 'context_used' };
      if (found === 'expired') return { ok: false, code: 'context_expired' };
      if (typeof found !== 'string') return { ok: false, code: 'context_unknown' };
      return { ok: true, context: JSON.parse(found) as CallContext };
    },
    async withdraw(contextId) {
      return contextId.length <= ID_LENGTH_MAX && (await step(WITHDRAW, contextId, [])) === 1;
    },
    async expired() {
      const reported: CallContext[] = [];
      for (;;) {
        const args = [now(), EXPIRED_BATCH, rememberMs, redis.key('context', '')];
        const found = (await redis.script(EXPIRED, [waiting], args)) as string[];
        // Where one has been forgotten before it was reported its place is empty.
        for (const text of found) if (text !== '') reported.push(JSON.parse(text) as CallContext);
        if (found.length < EXPIRED_BATCH) return reported;
      }
    },
    async close() {
      closed = true;
    },
  };
}

/** KEYS: the context, the list. ARGV: now, id, ttl, rememberMs, contextsMax, JSON. */
const WAIT = `
local max = tonumber(ARGV[5])
if redis.call('ZCOUNT', KEYS[2], '(' .. now, '+inf') >= max then return 'full' end
local expires = now + tonumber(ARGV[3])
redis.call('SET', KEYS[1], string.format('%.0f', expires) .. ' ' .. ARGV[6], 'PX', tonumber(ARGV[3]) + tonumber(ARGV[4]))
redis.call('ZADD', KEYS[2], expires, ARGV[2])
-- Where no node reports what has expired, the oldest of it is given up.
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -3 * max - 1)
return 'ok'`;

const PUT = redisScript(`${REDIS_NOW}
if redis.call('EXISTS', KEYS[1]) == 1 then return 'twice' end
${WAIT}`);

/** One that waits already has its place. */
const PUT_AGAIN = redisScript(`${REDIS_NOW}
local before = redis.call('ZSCORE', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
if redis.call('ZCOUNT', KEYS[2], '(' .. now, '+inf') >= tonumber(ARGV[5]) then
  if before then redis.call('ZADD', KEYS[2], before, ARGV[2]) end
  return 'full'
end
${WAIT}`);

/** The value of a context that can be claimed: `expires` and `json`; else why not is returned. */
const READ = `
local value = redis.call('GET', KEYS[1])
if not value or value == 'used' or value == 'expired' then return value end
local cut = string.find(value, ' ', 1, true)
local expires, json = tonumber(string.sub(value, 1, cut - 1)), string.sub(value, cut + 1)
if now >= expires then return 'expired' end`;

/** KEYS: the context, the list. ARGV: now, id, rememberMs. */
const TAKE = redisScript(`${REDIS_NOW}${READ}
redis.call('SET', KEYS[1], 'used', 'PX', ARGV[3])
redis.call('ZREM', KEYS[2], ARGV[2])
return json`);

/** KEYS: the context, the list. ARGV: now, id. */
const WITHDRAW = redisScript(`${REDIS_NOW}${READ}
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
return 1`);

/** KEYS: the list. ARGV: now, how many, rememberMs, what is in front of an id in the key of a context. */
const EXPIRED = redisScript(`${REDIS_NOW}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[2]))
local found = {}
for n, id in ipairs(ids) do
  local key = ARGV[4] .. id
  local value = redis.call('GET', key)
  redis.call('ZREM', KEYS[1], id)
  found[n] = ''
  if value and value ~= 'used' and value ~= 'expired' then
    found[n] = string.sub(value, string.find(value, ' ', 1, true) + 1)
    redis.call('SET', key, 'expired', 'PX', ARGV[3])
  end
end
return found`);

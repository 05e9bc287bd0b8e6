import { callPaceConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { linkToRedis } from '../redis/redis.test.helper.js';
import { createMemoryCallPace } from './memory.js';
import { createRedisCallPace } from './redis.js';

callPaceConformance('in memory', async () => {
  const clock = new VirtualClock();
  const pace = createMemoryCallPace(clock);
  return { here: pace, there: pace, advance: (ms) => clock.advance(ms), async close() {} };
});

callPaceConformance('in Redis', async () => {
  const clock = new VirtualClock();
  const redis = await linkToRedis();
  const [here, there] = [createRedisCallPace({ redis, clock }), createRedisCallPace({ redis, clock })];
  return { here, there, advance: (ms) => clock.advance(ms), close: () => redis.close() };
});

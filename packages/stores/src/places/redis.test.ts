import { callPlacesConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it, vi } from 'vitest';
import { linkToRedis } from '../redis/redis.test.helper.js';
import { createRedisCallPlaces, PLACE_LEASE_MS, PLACE_RENEW_MS } from './redis.js';

async function open() {
  const redis = await linkToRedis();
  const clock = new VirtualClock();
  const node = (nodeId: string) => createRedisCallPlaces({ redis, nodeId, clock, leaseClock: clock });
  const [here, there] = [node('here'), node('there')];
  /** In steps, with time for what is asked of Redis in each. */
  async function advance(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= PLACE_RENEW_MS) {
      // What was asked before is done when this is answered.
      await redis.run((client) => client.ping());
      await clock.advance(Math.min(leftMs, PLACE_RENEW_MS));
    }
  }
  return { redis, clock, here, there, advance };
}

callPlacesConformance('in Redis', async () => {
  const { here, there, advance } = await open();
  return {
    ...{ here, there, thereId: 'there', advance },
    async close() {
      here.close();
      there.close();
    },
  };
});

const ONE = [{ counted: 'all', max: 1 }];

it('places of a node that says nothing any more come free after their lease', async () => {
  const { here, there, advance } = await open();
  there.keep('a', ['all']);
  await vi.waitFor(async () => expect(await here.take('b', ONE, 1)).toEqual({ outcome: 'full', counted: 'all' }));
  there.close();
  await advance(PLACE_LEASE_MS - 1);
  expect(await here.take('b', ONE, 1)).toEqual({ outcome: 'full', counted: 'all' });
  await advance(1);
  expect(await here.take('b', ONE, 1)).toEqual({ outcome: 'taken' });
});

it('calls with media have their places again in a Redis that has forgotten them', async () => {
  const { redis, here, advance } = await open();
  await here.take('a', [...ONE, { counted: 'assistant:1', max: null }], 1);
  here.keep('a', ['all']);
  await redis.run(async (client) => {
    const keys = await client.keys(redis.key('places*'));
    await client.del(...keys);
  });
  await advance(PLACE_RENEW_MS + 1);
  expect(await here.take('b', [{ counted: 'assistant:1', max: 1 }], 1)).toMatchObject({ outcome: 'full' });
  here.release('a');
  await vi.waitFor(async () => expect(await here.take('b', ONE, 1)).toEqual({ outcome: 'taken' }));
});

it('no place is given where Redis is gone, and nothing else goes wrong', async () => {
  const { redis, here } = await open();
  await redis.close();
  await expect(here.take('a', ONE, 1_000)).rejects.toMatchObject({ code: 'store_failed' });
  here.keep('a', ['all']);
  here.release('a');
  here.close();
});

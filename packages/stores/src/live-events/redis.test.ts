import { randomUUID } from 'node:crypto';
import { type LiveEvent, systemClock } from '@rapida/core';
import { liveFeedConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { breakListening, linkToRedis } from '../redis/redis.test.helper.js';
import { createRedisLiveFeed, GATHER_MS, GATHERED_MAX } from './redis.js';

function counting() {
  const counted: string[] = [];
  const count = (name: string, labels: object = {}, by = 1): void => {
    for (let n = 0; n < by; n++) counted.push([name, ...Object.values(labels)].join(' '));
  };
  return { counted, telemetry: { count, gauge() {}, observe() {} } };
}

liveFeedConformance('Redis', async (bufferedMax) => {
  const prefix = `test-${randomUUID()}`;
  const { counted, telemetry } = counting();
  const [here, there] = [await linkToRedis(prefix), await linkToRedis(prefix)];
  const feed = createRedisLiveFeed({ redis: here, clock: systemClock, telemetry, bufferedMax });
  const elsewhere = createRedisLiveFeed({ redis: there, clock: systemClock });
  return {
    ...{ feed, elsewhere, cutOff: () => counted.length },
    async close() {
      feed.close();
      elsewhere.close();
      await Promise.all([here.close(), there.close()]);
    },
  };
});

const anEvent = (n: number, projectId = '1'): LiveEvent => ({
  ...{ projectId, assistantId: '2', callId: '3', seq: null, type: 'x', atMs: 0, data: { n } },
});

describe('live events over Redis', () => {
  async function open(clock = new VirtualClock()) {
    const redis = await linkToRedis();
    const { counted, telemetry } = counting();
    const feed = createRedisLiveFeed({ redis, clock, telemetry });
    const other = createRedisLiveFeed({ redis: await linkToRedis(redis.prefix), clock });
    const raw = (from: string, n: number, events: readonly unknown[]) =>
      redis.publish(redis.key('live', '1'), JSON.stringify({ from, n, events }));
    return { redis, feed, other, counted, raw, clock };
  }

  it('ends a subscription that missed a message of another node, and only where that is of its project', async () => {
    const { feed, raw, counted } = await open();
    const [subscription, theirs] = [await feed.subscribe({ projectId: '1' }), await feed.subscribe({ projectId: '7' })];
    await raw('node', 5, [anEvent(1)]);
    await raw('other', 1, [anEvent(2)]);
    await raw('node', 6, [anEvent(3)]);
    for (let n = 1; n <= 3; n++) expect(await subscription.next()).toEqual(anEvent(n));
    const next = subscription.next();
    await raw('node', 8, [anEvent(4)]);
    expect(await next).toBe('lost');
    expect(counted).toEqual(['rapida_live_cut_total lost']);
    feed.publish(anEvent(5, '7'));
    expect(await theirs.next()).toEqual(anEvent(5, '7'));
  });

  it('drops events above its limit, counts them, and the other nodes see the hole', async () => {
    const { feed, other, counted, clock } = await open();
    const subscription = await other.subscribe({ projectId: '1' });
    feed.publish(anEvent(-1));
    await clock.advance(GATHER_MS);
    expect(await subscription.next()).toEqual(anEvent(-1));
    for (let n = 0; n < GATHERED_MAX + 2; n++) feed.publish(anEvent(n));
    expect(counted).toEqual(['rapida_live_unsent_total', 'rapida_live_unsent_total']);
    const next = subscription.next();
    await clock.advance(GATHER_MS);
    expect(await next).toBe('lost');
  });

  it('ignores messages that are none, and events of another project, and counts them', async () => {
    const { redis, feed, raw, counted } = await open();
    const subscription = await feed.subscribe({ projectId: '1' });
    for (const text of ['', '{', 'null', '{"from":1}', '[]']) await redis.publish(redis.key('live', '1'), text);
    await raw('node', 1, [anEvent(1, '7')]);
    await raw('node', 2, [{ ...anEvent(1), data: null }]);
    await raw('node', 3, [anEvent(2)]);
    expect(await subscription.next()).toEqual(anEvent(2));
    expect(counted).toEqual(Array(7).fill('rapida_node_commands_total malformed'));
  });

  it('ends with a lost connection, refuses while it is away, goes on within the process, and is there again', async () => {
    const { redis, feed, other, clock, counted } = await open();
    const subscription = await feed.subscribe({ projectId: '1' });
    const next = subscription.next();
    await other.subscribe({ projectId: '1' });
    await breakListening(redis);
    expect(await next).toBe('lost');
    expect(counted).toEqual(['rapida_live_cut_total lost']);
    // Refused until the connection is back; whoever asks again finds it.
    const back = await vi.waitFor(() => feed.subscribe({ projectId: '1' }));
    other.publish(anEvent(8));
    await clock.advance(GATHER_MS);
    expect(await back.next()).toEqual(anEvent(8));
  });

  it('listens to a project again after its last watcher has left', async () => {
    const { feed, other, clock } = await open();
    for (let round = 0; round < 3; round++) {
      const left = await feed.subscribe({ projectId: '1' });
      const coming = feed.subscribe({ projectId: '1' });
      left.close();
      const subscription = await coming;
      other.publish(anEvent(round));
      await clock.advance(GATHER_MS);
      expect(await subscription.next()).toEqual(anEvent(round));
      subscription.close();
    }
  });

  it('refuses to subscribe where Redis is gone, and tells in its own process all the same', async () => {
    const { redis, feed, clock } = await open();
    const before = await feed.subscribe({ projectId: '1' });
    await redis.close();
    await expect(feed.subscribe({ projectId: '2' })).rejects.toMatchObject({ code: 'store_failed' });
    feed.publish(anEvent(1));
    await clock.advance(GATHER_MS);
    expect(await before.next()).toEqual(anEvent(1));
  });
});

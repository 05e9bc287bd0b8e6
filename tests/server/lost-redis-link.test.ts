import { silentLogger, systemClock } from '@rapida/core';
import { RedisLink } from '@rapida/stores/redis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PrivateRedis } from '../support/real-parts/redis.js';

/** What the link may take to see that its Redis is back; the machine may be busy. */
const BACK = { timeout: 15_000, interval: 20 };

describe('a link whose Redis is lost', () => {
  let redis: PrivateRedis;
  const links: RedisLink[] = [];
  beforeAll(async () => {
    redis = await PrivateRedis.start();
  }, 60_000);
  afterEach(async () => {
    for (const link of links.splice(0)) await link.close();
    redis.resumeServer();
  });
  afterAll(() => redis?.stop());

  async function open(): Promise<RedisLink> {
    const link = await RedisLink.open({ url: redis.url, prefix: 'test', clock: systemClock, logger: silentLogger });
    links.push(link);
    return link;
  }

  const ping = (link: RedisLink) => link.run((client) => client.ping());

  /** How long it took to fail with `store_failed`. */
  async function failsAfterMs(asking: Promise<unknown>): Promise<number> {
    const sinceMs = systemClock.nowMs();
    await expect(asking).rejects.toMatchObject({ code: 'store_failed' });
    return systemClock.nowMs() - sinceMs;
  }

  it('fails at once where it was killed and within a second where it is silent, and is back by itself', async () => {
    const link = await open();
    await redis.killServer();
    await vi.waitFor(async () => expect(await failsAfterMs(ping(link))).toBeLessThan(1_000));
    await redis.startServer();
    await vi.waitFor(() => ping(link), BACK);

    redis.pauseServer();
    // The first is waited for, later ones find that there is no connection any more.
    for (let n = 0; n < 4; n++) expect(await failsAfterMs(ping(link))).toBeLessThan(1_000);
    redis.resumeServer();
    await vi.waitFor(() => ping(link), BACK);
  }, 60_000);

  it('does not send again what has failed: it is carried out once or not at all', async () => {
    const link = await open();
    redis.pauseServer();
    await failsAfterMs(link.run((client) => client.incr('counted')));
    redis.resumeServer();
    await vi.waitFor(() => ping(link), BACK);
    expect(Number(await link.run((client) => client.get('counted')))).toBeLessThanOrEqual(1);
  }, 60_000);

  it('tells who listens that something may be lost, listens again, and says when Redis is back', async () => {
    const link = await open();
    const heard: string[] = [];
    let [lost, ready] = [0, 0];
    const over = link.onReady(() => ready++);
    await link.listen('channel', { onMessage: (text) => heard.push(text), onLost: () => lost++ });
    await redis.killServer();
    await vi.waitFor(() => expect(lost).toBeGreaterThan(0), BACK);
    await redis.startServer();
    await vi.waitFor(async () => expect(await link.publish('channel', 'again')).toBe(1), BACK);
    await vi.waitFor(() => expect(heard).toContain('again'), BACK);
    expect(ready).toBe(1);
    over();
    link.ignore('channel');
    await vi.waitFor(async () => expect(await link.publish('channel', 'nobody')).toBe(0), BACK);
    expect(heard).not.toContain('nobody');
  }, 60_000);
});

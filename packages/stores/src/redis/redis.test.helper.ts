import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@rapida/core';
import { afterAll } from 'vitest';
import { RedisLink } from './link.js';

const open = new Set<RedisLink>();
afterAll(async () => {
  for (const link of open) await link.close();
});

/** The Redis of this run of tests, with keys that nobody else has. */
export async function linkToRedis(prefix = `test-${randomUUID()}`): Promise<RedisLink> {
  const url = process.env.TEST_REDIS_URL ?? '';
  const link = await RedisLink.open({ url, prefix, clock: systemClock, logger: silentLogger });
  open.add(link);
  return link;
}

/** Breaks the connections over which the links with this prefix listen; those of other tests stay. */
export async function breakListening(link: RedisLink): Promise<void> {
  const list = String(await link.run((client) => client.call('CLIENT', 'LIST')));
  const lines = list.split('\n').filter((line) => line.includes(` name=${link.prefix}:listening `));
  for (const line of lines) {
    const id = /^id=([0-9]+)/.exec(line)?.[1] ?? '';
    await link.run((client) => client.call('CLIENT', 'KILL', 'ID', id));
  }
}

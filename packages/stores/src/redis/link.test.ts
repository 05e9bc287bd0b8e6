import { randomUUID } from 'node:crypto';
import { RapidaError, silentLogger, systemClock } from '@rapida/core';
import { expect, it } from 'vitest';
import { RedisLink, redisScript } from './link.js';
import { linkToRedis } from './redis.test.helper.js';

async function refusal(asking: Promise<unknown>): Promise<RapidaError> {
  return asking.then(
    () => expect.unreachable('it was done'),
    (error: unknown) => RapidaError.from(error),
  );
}

const open = (url: string) => RedisLink.open({ url, prefix: 'test', clock: systemClock, logger: silentLogger });

it('a link to Redis says what is wrong with an address, and no password', async () => {
  const { host } = new URL(process.env.TEST_REDIS_URL ?? '');
  const wrong = await refusal(open(`redis://:a-secret@${host}/0`));
  expect(wrong.message).toMatch(/refused the user or the password/);
  const nobody = await refusal(open('redis://:a-secret@127.0.0.1:1/0'));
  expect(nobody.message).toMatch(/nobody answers/);
  for (const { code, message, cause } of [wrong, nobody]) {
    expect(code).toBe('store_failed');
    expect(`${message} ${cause}`).not.toContain('a-secret');
  }
});

it('a link to Redis has nothing of what it was to write in its errors, though Redis quotes it', async () => {
  const link = await linkToRedis();
  const failed = await refusal(link.run((client) => client.call('NOSUCHCOMMAND', 'what a caller said')));
  expect(failed.code).toBe('store_failed');
  expect(failed.message).toMatch(/unknown command/);
  expect(`${failed.message} ${failed.cause} ${JSON.stringify(failed.cause)}`).not.toContain('what a caller said');
});

it('a link to Redis runs a script that Redis does not know, as after a restart', async () => {
  const link = await linkToRedis();
  const unheardOf = redisScript(`-- ${randomUUID()}\nreturn redis.call('INCRBY', KEYS[1], ARGV[1])`);
  const key = link.key('sum');
  expect(await link.script(unheardOf, [key], [2])).toBe(2);
  expect(await link.script(unheardOf, [key], [3])).toBe(5);
  await link.run((client) => client.del(key));
});

it('a link to Redis fails everything when it is closed, and is closed twice without harm', async () => {
  const link = await linkToRedis();
  await link.close();
  await link.close();
  await expect(link.run((client) => client.ping())).rejects.toMatchObject({ code: 'store_failed' });
});

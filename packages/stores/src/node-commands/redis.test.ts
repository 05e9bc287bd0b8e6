import { randomUUID } from 'node:crypto';
import { silentTelemetry, systemClock } from '@rapida/core';
import { nodeCommandsConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { linkToRedis } from '../redis/redis.test.helper.js';
import { ASKED_MAX, HOLDER_LEASE_MS, HOLDER_RENEW_MS, openRedisNodeCommands } from './redis.js';

nodeCommandsConformance('Redis', async () => {
  const prefix = `test-${randomUUID()}`;
  const links = await Promise.all([linkToRedis(prefix), linkToRedis(prefix)]);
  const [here, there] = await Promise.all(links.map((redis) => openRedisNodeCommands({ redis, clock: systemClock })));
  if (here === undefined || there === undefined) throw new Error('two nodes were opened');
  return {
    ...{ here, there, killThere: async () => links[1]?.close() },
    async close() {
      await Promise.all([here.close(), there.close()]);
      await Promise.all(links.map((link) => link.close()));
    },
  };
});

const CALL = '7';
const SAY = { type: 'say', text: 'hello' } as const;

async function open(clock = new VirtualClock()) {
  const redis = await linkToRedis();
  const outcomes: unknown[] = [];
  const count = (_name: string, labels: object = {}) => void outcomes.push(...Object.values(labels));
  const node = await openRedisNodeCommands({ redis, clock, telemetry: { ...silentTelemetry, count } });
  const other = await linkToRedis(redis.prefix);
  return { redis, node, other, clock, outcomes, holder: redis.key('holder', CALL) };
}

/** Holds a call, hears what it is asked, and says nothing. */
async function openSilent({ other, holder }: Awaited<ReturnType<typeof open>>) {
  const heard: { id: string; from: string }[] = [];
  await other.listen(other.key('node', 'silent'), { onMessage: (text) => void heard.push(JSON.parse(text)) });
  await other.run((redis) => redis.hset(holder, 'silent', 1));
  return heard;
}

describe('commands over Redis', () => {
  it('wait for a node that does not answer as long as they were told, and no longer', async () => {
    const test = await open();
    const heard = await openSilent(test);
    const timers = test.clock.pendingTimers;
    const asked = test.node.send(CALL, SAY, 2_000);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    await test.clock.advance(2_000);
    expect(await asked).toBe('node_gone');
    expect(test.outcomes).toEqual(['node_gone']);
    expect(test.clock.pendingTimers).toBe(timers);
    // Too late.
    const { id, from } = heard[0]!;
    await test.other.publish(test.other.key('node', from), JSON.stringify({ type: 'answer', id, answer: 'done' }));
    await test.node.close();
    expect(test.clock.pendingTimers).toBe(0);
  });

  it('are no more than so many at once', async () => {
    const test = await open();
    await openSilent(test);
    const asked = Array.from({ length: ASKED_MAX }, () => test.node.send(CALL, SAY, 1_000));
    await expect(test.node.send(CALL, SAY, 1_000)).rejects.toMatchObject({ code: 'store_failed' });
    await test.node.close();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['node_gone']));
  });

  it('find who holds a call for as long as it is held, by a lease', async () => {
    const { redis, node, clock, holder } = await open();
    const over = node.hold(CALL);
    const left = () => redis.run((client) => client.pttl(holder));
    await vi.waitFor(async () => expect(await left()).toBeGreaterThan(HOLDER_LEASE_MS - 5_000));
    await redis.run((client) => client.pexpire(holder, 1_000));
    await clock.advance(HOLDER_RENEW_MS);
    expect(await left()).toBeGreaterThan(HOLDER_LEASE_MS - 5_000);
    over();
    await vi.waitFor(async () => expect(await left()).toBe(-2));
    node.hold(CALL);
    await vi.waitFor(async () => expect(await left()).toBeGreaterThan(0));
    await node.close();
    expect(await left()).toBe(-2);
  });

  it('ignores what is no message of ours, and counts it', async () => {
    const test = await open();
    const heard = await openSilent(test);
    void test.node.send(CALL, SAY, 60_000);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    const { from, id } = heard[0]!;
    const told = ['', 'null', '{}', '{"type":"ask","id":"1"}', `{"type":"answer","id":"${id}","answer":"maybe"}`];
    const ask = { type: 'ask', id: '1', from: 'silent', callId: CALL };
    const texts = [
      ...told,
      JSON.stringify({ ...ask, command: { type: 'say' } }),
      JSON.stringify({ ...ask, command: 1 }),
    ];
    for (const text of texts) await test.other.publish(test.other.key('node', from), text);
    await vi.waitFor(() => expect(test.outcomes).toEqual(texts.map(() => 'malformed')));
    await test.node.close();
  });

  it('say that it cannot be known who holds a call where Redis is gone, and carry out what is held here', async () => {
    const { redis, node } = await open();
    node.handle(() => true);
    node.hold('8');
    await redis.close();
    await expect(node.send(CALL, SAY, 1_000)).rejects.toMatchObject({ code: 'store_failed' });
    expect(await node.send('8', SAY, 1_000)).toBe('done');
    node.handle(() => false);
    expect(await node.send('8', SAY, 1_000)).toBe('refused');
  });
});

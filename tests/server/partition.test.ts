import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTcpRelay, type TcpRelay } from '../interop/cluster/tcp-relay.js';
import { request, type TurnJson } from './support/api.js';
import { type Caller, callOverAudioSocket, stillTalks } from './support/caller.js';
import type { ServedProcess } from './support/command.js';
import { type Installation, openInstallation, seesNodes } from './support/installation.js';
import { metricOf } from './support/metrics.js';
import { openTeller, type Teller } from './support/teller.js';

/** The engines of a node load when its first call comes; the machine may be busy. */
const ENGINES_MS = 30_000;
/** From the cut until the others have closed its calls: the lease, a look of theirs, and the time in which a caller may come back. */
const CLOSED_MS = 35_000;
const BACK_MS = 20_000;
/** Spoken for longer than it takes to cut the wires. */
const GREETING = 'Hello and welcome. You have reached us at last, and I am very glad about it. '.repeat(3).trim();

let installation: Installation;
let teller: Teller;
let relays: readonly TcpRelay[];
let [a, b] = [] as unknown as [ServedProcess, ServedProcess];
let assistantId: string;
beforeAll(async () => {
  teller = await openTeller();
  installation = await openInstallation({ environment: { WEBHOOKS__ALLOW_PRIVATE: 'true' } });
  const [database, redis] = [await startTcpRelay(installation.databaseUrl), await startTcpRelay(installation.redisUrl)];
  relays = [database, redis];
  a = await installation.node('a');
  b = await installation.node('b', { DATABASE_URL: database.url, REDIS_URL: redis.url });
  const config = { name: 'patient', greeting: GREETING, silence: { promptAfterMs: 120_000 } };
  assistantId = (await a.api.send<{ id: string }>('POST', '/v1/assistants', config)).id;
  await teller.registerAt(a.api);
}, 150_000);
afterAll(async () => {
  for (const relay of relays ?? []) await relay.close();
  await installation?.remove();
  await teller?.close();
}, 30_000);

/** Registered at the node that stays in touch; the greeting has begun. */
async function call(): Promise<Caller> {
  const caller = await callOverAudioSocket(b, await a.api.register(assistantId));
  await vi.waitFor(() => expect(caller.voiced).toBeGreaterThan(0), { timeout: ENGINES_MS, interval: 20 });
  await a.api.ended(caller.contextId, { state: 'connected' });
  return caller;
}

const spooled = () => metricOf(b.url, 'rapida_spool_entries');

it('a node that is cut off from Redis and PostgreSQL at once goes on with its calls, is taken for dead, and joins again', async () => {
  const [staying, ending] = [await call(), await call()];
  await teller.allOnRecord(a.api);
  for (const relay of relays) relay.cut();

  const { sent, voiced } = staying;
  await vi.waitFor(
    () => {
      expect(staying.sent).toBeGreaterThan(sent + 50);
      expect(staying.voiced).toBeGreaterThan(voiced);
    },
    { timeout: 5_000, interval: 20 },
  );
  ending.hangup();
  await ending.ended;
  // What was said, and the end: on its disk.
  await vi.waitFor(async () => expect(await spooled()).toBeGreaterThanOrEqual(2), { timeout: 15_000, interval: 50 });
  const ready = () => request(b.url, '/readyz');
  await vi.waitFor(async () => expect((await ready()).status).toBe(503), { timeout: 10_000, interval: 50 });

  // The others cannot know better.
  const closed = { state: 'failed', disconnectedBy: 'system', reason: 'node_lost' };
  for (const { contextId } of [staying, ending]) await a.api.ended(contextId, closed, CLOSED_MS);
  expect(staying.over).toBeUndefined();

  for (const relay of relays) relay.mend();
  await seesNodes(a.api, { a: 'up', b: 'up' }, BACK_MS);
  await vi.waitFor(async () => expect(await spooled()).toBe(0), { timeout: BACK_MS, interval: 50 });
  expect(await metricOf(b.url, 'rapida_spool_replayed_total{outcome="overruled"}')).toBeGreaterThanOrEqual(1);

  // An end stands, what was said is added, and nobody is told twice.
  const over = await a.api.ended(ending.contextId, closed);
  const turns: readonly TurnJson[] = (await a.api.transcript(over.id)).data;
  expect(turns).toMatchObject([{ role: 'assistant' }]);
  expect(GREETING.startsWith(turns[0]?.text.replace(/\W*$/, '') ?? '?')).toBe(true);
  await teller.toldInOrder(over.id, ['webhook', 'call.connected', 'call.failed']);

  // The call that went on does so, and so does the node.
  const { id } = await a.api.callOf(staying.contextId);
  expect(b.child.exitCode).toBeNull();
  // Connections of before the cut may be given up only now: a moment in which it sends callers to the others.
  const again = await vi.waitFor(() => b.api.register(assistantId), { timeout: BACK_MS, interval: 50 });
  const next = await callOverAudioSocket(b, again);
  await a.api.ended(next.contextId, { state: 'connected' });
  await stillTalks(next, async () => {});
  for (const caller of [staying, next]) caller.hangup();
  await a.api.ended(next.contextId, { state: 'completed' });
  await staying.ended;
  expect(await a.api.callOf(staying.contextId)).toMatchObject(closed);
  await teller.toldInOrder(id, ['webhook', 'call.connected', 'call.failed']);
}, 150_000);

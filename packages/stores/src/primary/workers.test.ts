import { createIdSource, type LiveEvent, systemClock } from '@rapida/core';
import {
  apiKeyStoreConformance,
  assistantStoreConformance,
  callContextStoreConformance,
  callStoreConformance,
  credentialStoreConformance,
  liveFeedConformance,
  nodeCommandsConformance,
  webhookStoreConformance,
} from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { createMemoryContextStore } from '../contexts/memory.js';
import { openEmbedded } from '../database/embedded.js';
import { createMemoryLiveFeed } from '../live-events/memory.js';
import { createPrimaryLiveFeed, PUBLISHING_MAX } from '../live-events/primary.js';
import { createSqlStores, type SqlStores } from '../sql-stores.js';
import { type LinkedWires, linkedWires } from '../testing/linked-wires.js';
import { createWorkerHub, type WorkerHubOptions } from './hub.js';
import { primaryShared, primaryStores } from './link.js';
import { Peer } from './peer.js';

const clock = systemClock;

interface Worker {
  readonly peer: Peer;
  readonly wires: LinkedWires;
}

function workerOf(hub: ReturnType<typeof createWorkerHub>, nodeId: string): Worker {
  const wires = linkedWires();
  hub.join(nodeId, new Peer({ wire: wires.ends[0], clock }));
  return { peer: new Peer({ wire: wires.ends[1], clock }), wires };
}

const NAME = 'a worker of a primary process';
const telemetry = { count() {}, gauge() {}, observe() {} };
const nothing = { clock, stores: undefined, shared: undefined } satisfies WorkerHubOptions;

function memory() {
  return { contexts: createMemoryContextStore({ clock }), feed: createMemoryLiveFeed() };
}

/** As the primary process keeps it, and as a worker sees it. */
async function stores(newId = createIdSource(clock)): Promise<SqlStores & { close(): Promise<void> }> {
  const database = await openEmbedded({ file: ':memory:', clock: new VirtualClock(), users: 'several' });
  const hub = createWorkerHub({ ...nothing, stores: createSqlStores(database, newId) });
  return { ...primaryStores(workerOf(hub, 'w1').peer), close: () => database.close() };
}

callStoreConformance(NAME, async () => {
  const { calls, close } = await stores();
  return { store: calls, close };
});
assistantStoreConformance(NAME, async () => {
  const { assistants, close } = await stores();
  return { store: assistants, close };
});
credentialStoreConformance(NAME, async () => {
  const { credentials, assistants, close } = await stores();
  return { store: credentials, assistants, close };
});
apiKeyStoreConformance(NAME, async () => {
  const { keys, close } = await stores();
  return { store: keys, close };
});
webhookStoreConformance(NAME, async (newDeliveryId) => {
  const { webhooks, calls, close } = await stores(newDeliveryId);
  return { store: webhooks, calls, close };
});
callContextStoreConformance(NAME, (virtual, limits) => {
  const contexts = createMemoryContextStore({ clock: virtual, ...limits });
  const hub = createWorkerHub({ ...nothing, shared: { ...memory(), contexts } });
  const { peer } = workerOf(hub, 'w1');
  return { ...primaryShared(peer, telemetry).contexts, close: () => contexts.close() };
});
nodeCommandsConformance(NAME, async () => {
  const hub = createWorkerHub({ ...nothing, shared: memory() });
  const [here, there] = [workerOf(hub, 'w1'), workerOf(hub, 'w2')];
  const { nodeCommands, nodes } = primaryShared(there.peer, telemetry);
  await nodes.join(STATE);
  return {
    here: primaryShared(here.peer, telemetry).nodeCommands,
    there: nodeCommands,
    async killThere() {
      there.wires.cut();
      hub.ended('w2');
    },
    close: async () => {},
  };
});
liveFeedConformance(NAME, async (bufferedMax) => {
  let cut = 0;
  const counting = { ...telemetry, count: () => void cut++ };
  const hub = createWorkerHub({ ...nothing, shared: memory() });
  const [here, there] = [workerOf(hub, 'w1'), workerOf(hub, 'w2')];
  const feedOf = ({ peer }: Worker) => createPrimaryLiveFeed({ peer, telemetry: counting, bufferedMax });
  return {
    feed: feedOf(here),
    elsewhere: feedOf(there),
    settled: () => arrived(here.peer),
    cutOff: () => cut,
    close: async () => {},
  };
});

/** There and back again: what was published before has arrived. */
async function arrived(peer: Peer): Promise<void> {
  for (let n = 0; n < 20; n++) await peer.ask('live', 'watch', ['18446744073709551615']);
}

const STATE = { host: 'pbx', version: '1', startedAtMs: 1, calls: 0, draining: false, loopDelayMs: 2, lateFrames: 0 };
const anEvent = (n: number): LiveEvent => ({
  ...{ projectId: '1', assistantId: '2', callId: '3', seq: null, type: 'x', atMs: 0, data: { n } },
});

describe('workers of a primary process', () => {
  it('hear of what is stored, and of what each of them publishes, in one order', async () => {
    const database = await openEmbedded({ file: ':memory:', clock: new VirtualClock() });
    const shared = memory();
    const hub = createWorkerHub({ ...nothing, shared, stores: createSqlStores(database, () => '1') });
    const publisher = primaryShared(workerOf(hub, 'w1').peer, telemetry).feed;
    const subscription = await primaryShared(workerOf(hub, 'w2').peer, telemetry).feed.subscribe({ projectId: '1' });
    for (const n of [0, 1, 2, 3]) (n === 1 ? shared.feed : publisher).publish(anEvent(n));
    // Published where it is stored: before what was on its way there.
    const numbers = [];
    for (let n = 0; n < 4; n++) numbers.push(await subscription.next());
    expect(numbers).toEqual([1, 0, 2, 3].map(anEvent));
    await database.close();
  });

  it('are told that something is missing when more was published than could be carried', async () => {
    const hub = createWorkerHub({ ...nothing, shared: memory() });
    const [busy, watching] = [workerOf(hub, 'w1'), workerOf(hub, 'w2')];
    const [publisher, reader] = [
      primaryShared(busy.peer, telemetry).feed,
      primaryShared(watching.peer, telemetry).feed,
    ];
    const subscription = await reader.subscribe({ projectId: '1' });
    busy.wires.stall();
    for (let n = 0; n <= PUBLISHING_MAX; n++) publisher.publish(anEvent(n));
    busy.wires.resume();
    publisher.publish(anEvent(-1));
    let next = await subscription.next();
    while (typeof next !== 'string') next = await subscription.next();
    expect(['lost', 'too_slow']).toContain(next);
  });

  it('see those who watch end when the primary process is gone', async () => {
    const hub = createWorkerHub({ ...nothing, shared: memory() });
    const { peer, wires } = workerOf(hub, 'w1');
    const subscription = await primaryShared(peer, telemetry).feed.subscribe({ projectId: '1' });
    wires.cut();
    expect(await subscription.next()).toBe('lost');
  });

  it('claim a context once, however many of them are asked for it', async () => {
    const hub = createWorkerHub({ ...nothing, shared: memory() });
    const workers = Array.from({ length: 8 }, (_, n) => primaryShared(workerOf(hub, `w${n}`).peer, telemetry).contexts);
    const contextId = '2f0f4a3e-4b52-4d59-9d5c-0a2d3c1d8b11';
    await workers[0]?.put({ contextId, callId: '3', projectId: '1', assistantId: '2' }, 1_000);
    const claims = await Promise.all(workers.map((contexts) => contexts.take(contextId)));
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('are known as nodes; one that has left in order is no one whose calls are to be closed', async () => {
    const hub = createWorkerHub({ ...nothing, shared: memory() });
    const [one, other] = ['w1', 'w2'].map((nodeId) => primaryShared(workerOf(hub, nodeId).peer, telemetry).nodes);
    await one?.join(STATE);
    await other?.join({ ...STATE, calls: 3 });
    expect(await one?.list()).toMatchObject([
      { nodeId: 'w1', calls: 0, lost: false },
      { nodeId: 'w2', calls: 3, lost: false },
    ]);
    await other?.leave();
    hub.ended('w2');
    expect(await one?.list()).toMatchObject([{ nodeId: 'w1' }]);
    expect(await one?.takeLost()).toEqual([]);
    hub.ended('w1');
  });
});

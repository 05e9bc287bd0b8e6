import {
  type AssistantRecord,
  createScope,
  type Leases,
  phoneDeploymentSchema,
  RapidaError,
  Secret,
  silentLogger,
  silentTelemetry,
} from '@rapida/core';
import { settle, VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialReader } from '../credentials/reader.js';
import { createStoreHealth } from '../store-health.js';
import { type ArrivalDoors, createArrivalDoors, HAND_OVER_MS, LOOK_FOR_DOORS_MS } from './arrival-doors.js';
import type { AsteriskLinks } from './asterisk-links.js';

let clock: VirtualClock;
let scope: ReturnType<typeof createScope>;
/** Which node has which lease. */
let leases: Map<string, string>;
let redisIsGone: boolean;
let deployed: AssistantRecord[];

beforeEach(() => {
  clock = new VirtualClock();
  scope = createScope('process', { clock, onError: () => {} });
  leases = new Map();
  redisIsGone = false;
  deployed = [assistant('1', { app: 'rapida' }), assistant('2', { context: 'out' })];
});
afterEach(() => scope.close());

function assistant(id: string, options: object): AssistantRecord {
  const deployment = phoneDeploymentSchema.parse({ enabled: true, credentialId: '5', options });
  return { id, projectId: '1', deployment } as AssistantRecord;
}

function leasesOf(nodeId: string): Leases {
  return {
    async take(name) {
      if (redisIsGone) throw new RapidaError('store_failed');
      if (!leases.has(name)) leases.set(name, nodeId);
      return leases.get(name) === nodeId;
    },
    async release(name) {
      if (leases.get(name) === nodeId) leases.delete(name);
    },
  };
}

interface Node {
  readonly doors: ArrivalDoors;
  readonly connected: Set<string>;
  /** Those that another node is expected to take. */
  readonly replaced: Set<string>;
}

function node(nodeSuffix: string | undefined): Node {
  const connected = new Set<string>();
  const replaced = new Set<string>();
  const links = {
    linkFor: ({ app }: { app: string }) => void connected.add(app),
    leave: ({ app }: { app: string }) => void connected.delete(app),
    expectReplacement: ({ app }: { app: string }) => void replaced.add(app),
  } as unknown as AsteriskLinks;
  const value = { ari_url: 'http://pbx:8088', ari_user: 'u', ari_password: new Secret('p') };
  const credentials = { read: async () => value } as unknown as CredentialReader;
  const doors = createArrivalDoors({
    ...{ links, credentials, clock, scope, nodeSuffix, logger: silentLogger },
    assistants: { deployed: async () => deployed },
    leases: leasesOf(nodeSuffix ?? 'single'),
    health: createStoreHealth(clock, silentLogger, silentTelemetry),
  });
  return { doors, connected, replaced };
}

async function look(): Promise<void> {
  await clock.advance(LOOK_FOR_DOORS_MS);
  await settle();
}

describe('the application by which calls come in', () => {
  it('is connected by the one node there is, which has no other', async () => {
    const { doors, connected } = node(undefined);
    await doors.open();
    expect([...connected]).toEqual(['rapida']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is connected by one of several nodes, beside its own, and by another one when that is gone', async () => {
    const [a, b] = [node('a'), node('b')];
    await a.doors.open();
    await b.doors.open();
    expect([...a.connected]).toEqual(['rapida', 'rapida-a']);
    expect([...b.connected]).toEqual([]);
    // Its lease has lapsed.
    leases.clear();
    await b.doors.look();
    expect([...b.connected]).toEqual(['rapida', 'rapida-b']);
    await look();
    expect([...a.connected], 'it learns that it was taken for dead').toEqual(['rapida-a']);
  });

  it('is handed over by a node that stops, which takes none any more', async () => {
    const [a, b] = [node('a'), node('b')];
    await a.doors.open();
    await b.doors.open();
    const handedOver = a.doors.handOver();
    await look();
    expect([...b.connected]).toEqual(['rapida', 'rapida-b']);
    expect([...a.connected], 'until then callers come here').toEqual(['rapida', 'rapida-a']);
    expect([...a.replaced]).toEqual(['rapida']);
    await clock.advance(HAND_OVER_MS - LOOK_FOR_DOORS_MS);
    await handedOver;
    expect([...a.connected]).toEqual(['rapida-a']);
    leases.clear();
    await a.doors.look();
    expect(leases.size).toBe(0);
  });

  it('is kept where Redis is gone: nobody else can have it', async () => {
    const { doors, connected } = node('a');
    await doors.open();
    redisIsGone = true;
    await look();
    expect([...connected]).toEqual(['rapida', 'rapida-a']);
  });

  it('is connected where its deployment was made at another node', async () => {
    deployed = [];
    const { doors, connected } = node('a');
    await doors.open();
    deployed = [assistant('1', { app: 'rapida' })];
    await look();
    expect([...connected]).toEqual(['rapida', 'rapida-a']);
  });
});

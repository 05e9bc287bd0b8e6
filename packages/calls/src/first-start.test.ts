import { createIdSource } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import {
  createMemoryLeasesOfNodes,
  createSqlApiKeyStore,
  createSqlAssistantStore,
  createSqlCredentialStore,
  createSqlProjectStore,
  openEmbedded,
} from '@rapida/stores';
import { describe, expect, it } from 'vitest';
import { createKeyUseCases } from './api-keys.js';
import { createAssistantUseCases } from './assistants.js';
import { ensureFirstStart, FIRST_START_LEASE, type FirstStartDependencies } from './first-start.js';
import { frontDeskConfig } from './front-desk.js';

async function emptyStore() {
  const clock = new VirtualClock();
  const database = await openEmbedded({ file: ':memory:', clock });
  const newId = createIdSource(clock);
  const keyStore = createSqlApiKeyStore(database);
  const assistants = createSqlAssistantStore(database);
  const dependencies = {
    projects: createSqlProjectStore(database),
    keyStore,
    keys: createKeyUseCases({ keys: keyStore, clock, newId }),
    assistants: createAssistantUseCases({
      ...{ assistants, clock, newId },
      credentials: createSqlCredentialStore(database),
      providers: { validate: async () => [] },
      outside: { check() {} },
    }),
    leases: createMemoryLeasesOfNodes().of('a'),
    clock,
    newId,
  };
  return dependencies satisfies FirstStartDependencies;
}

describe('the first start', () => {
  it('makes a project, an admin key and the ready assistant', async () => {
    const dependencies = await emptyStore();
    const { projectId, made } = await ensureFirstStart(dependencies);
    expect(made?.adminKey).toMatch(/^rpd-/);
    expect(made?.assistant).toMatchObject({ projectId, config: frontDeskConfig, deployment: { transferTargets: [] } });
    expect(await dependencies.keyStore.list(projectId)).toMatchObject([{ scopes: ['admin'] }]);
  });

  it('of two nodes at once is made by one: the other finds it made', async () => {
    const dependencies = await emptyStore();
    const { clock } = dependencies;
    const nodes = createMemoryLeasesOfNodes();
    const starts = ['a', 'b'].map((nodeId) => ensureFirstStart({ ...dependencies, leases: nodes.of(nodeId) }));
    const first = await starts[0];
    await clock.advance(1_000);
    const second = await starts[1];
    expect(first?.made?.adminKey).toMatch(/^rpd-/);
    expect(second).toEqual({ projectId: first?.projectId });
    expect(await dependencies.keyStore.list(first?.projectId ?? '')).toHaveLength(1);
  });

  it('fails where another node has begun it and neither ends nor dies', async () => {
    const dependencies = await emptyStore();
    const nodes = createMemoryLeasesOfNodes();
    await nodes.of('stuck').take(FIRST_START_LEASE);
    const starting = ensureFirstStart({ ...dependencies, leases: nodes.of('a') });
    const failed = expect(starting).rejects.toMatchObject({ code: 'store_failed' });
    await dependencies.clock.advance(31_000);
    await failed;
  });

  it('makes nothing later, also where its key was revoked and its assistant removed', async () => {
    const dependencies = await emptyStore();
    const { assistants, keyStore } = dependencies;
    const { projectId, made } = await ensureFirstStart(dependencies);
    for (const { id } of await keyStore.list(projectId)) await keyStore.revoke(projectId, id, 1);
    if (made !== undefined) await assistants.remove(projectId, made.assistant.id);
    expect(await ensureFirstStart(dependencies)).toEqual({ projectId });
    expect((await assistants.list(projectId, 10, null)).data).toEqual([]);
  });

  it('is completed by the next start where it died before the key was made', async () => {
    const dependencies = await emptyStore();
    const dying = { ...dependencies, keys: { create: () => Promise.reject(new Error('killed')) } };
    await expect(ensureFirstStart(dying)).rejects.toThrow('killed');
    const { projectId, made } = await ensureFirstStart(dependencies);
    expect(made?.adminKey).toMatch(/^rpd-/);
    expect((await dependencies.assistants.list(projectId, 10, null)).data).toHaveLength(1);
  });
});

import { createIdSource } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import {
  createSqlApiKeyStore,
  createSqlAssistantStore,
  createSqlCredentialStore,
  createSqlProjectStore,
  openEmbedded,
} from '@rapida/stores';
import { describe, expect, it } from 'vitest';
import { createKeyUseCases } from './api-keys.js';
import { createAssistantUseCases } from './assistants.js';
import { ensureFirstStart, type FirstStartDependencies } from './first-start.js';
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

import {
  type ApiKeyStore,
  type AssistantRecord,
  type Clock,
  type EntityId,
  type Leases,
  type ProjectStore,
  RapidaError,
  sleep,
} from '@rapida/core';
import { frontDeskConfig } from './front-desk.js';
import type { AssistantUseCases, KeyUseCases } from './use-cases.js';

/** Of nodes that start together on an empty store one makes what it lacks. */
export const FIRST_START_LEASE = 'first-start';
/** How often the others look whether it has, and how long: a few lives of a lease, should it die meanwhile. */
const LOOK_MS = 200;
const WAIT_MS_MAX = 30_000;

export interface FirstStartDependencies {
  readonly leases: Leases;
  readonly projects: ProjectStore;
  readonly keyStore: Pick<ApiKeyStore, 'list'>;
  readonly keys: Pick<KeyUseCases, 'create'>;
  readonly assistants: Pick<AssistantUseCases, 'create' | 'list'>;
  readonly clock: Clock;
  readonly newId: () => EntityId;
}

export interface FirstStart {
  readonly projectId: EntityId;
  /** What was made; undefined on every later start. The key is seen this once. */
  readonly made?: { readonly adminKey: string; readonly assistant: AssistantRecord };
}

/**
 * On an empty store: a project, the ready assistant, and an admin key - in this order, so that a start that died half way
 * is completed by the next one, which finds no key. A project that ever had a key is left alone.
 */
export async function ensureFirstStart(dependencies: FirstStartDependencies): Promise<FirstStart> {
  const { leases, clock } = dependencies;
  const untilMs = clock.nowMs() + WAIT_MS_MAX;
  while (!(await leases.take(FIRST_START_LEASE))) {
    if (clock.nowMs() >= untilMs) {
      throw new RapidaError('store_failed', 'Another node has begun the first start and does not end it.');
    }
    await sleep(clock, LOOK_MS);
  }
  try {
    return await ensure(dependencies);
  } finally {
    await leases.release(FIRST_START_LEASE);
  }
}

async function ensure(dependencies: FirstStartDependencies): Promise<FirstStart> {
  const { projects, keyStore, keys, clock, newId } = dependencies;
  const createdAtMs = clock.wallMs();
  const { id: projectId } = await projects.ensureDefault({ id: newId(), name: 'default', createdAtMs });
  if ((await keyStore.list(projectId)).length > 0) return { projectId };
  const assistant = await ensureAssistant(dependencies.assistants, projectId);
  const { key } = await keys.create(projectId, 'admin', ['admin']);
  return { projectId, made: { adminKey: key, assistant } };
}

async function ensureAssistant(
  assistants: Pick<AssistantUseCases, 'create' | 'list'>,
  projectId: EntityId,
): Promise<AssistantRecord> {
  const [newest] = (await assistants.list(projectId, 1, null)).data;
  return newest ?? assistants.create(projectId, frontDeskConfig);
}

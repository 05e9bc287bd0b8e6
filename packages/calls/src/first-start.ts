import type { ApiKeyStore, AssistantRecord, Clock, EntityId, ProjectStore } from '@rapida/core';
import { frontDeskConfig } from './front-desk.js';
import type { AssistantUseCases, KeyUseCases } from './use-cases.js';

export interface FirstStartDependencies {
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

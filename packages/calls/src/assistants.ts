import {
  type AssistantConfig,
  type AssistantStore,
  type Clock,
  type ConfigProblem,
  type CredentialStore,
  type EntityId,
  type PhoneDeployment,
  type ProviderSource,
  phoneDeploymentSchema,
  RapidaError,
} from '@rapida/core';
import { misuseOf } from './credentials/access.js';
import type { AssistantUseCases } from './use-cases.js';

export interface AssistantDependencies {
  readonly assistants: AssistantStore;
  readonly credentials: Pick<CredentialStore, 'get'>;
  readonly providers: Pick<ProviderSource, 'validate'>;
  readonly clock: Clock;
  readonly newId: () => EntityId;
}

const ENGINES = ['stt', 'llm', 'tts'] as const;

export function createAssistantUseCases(dependencies: AssistantDependencies): AssistantUseCases {
  const { assistants, credentials, providers, clock, newId } = dependencies;

  async function validate(config: AssistantConfig, projectId: EntityId): Promise<void> {
    const misused = await credentialProblems(config, projectId);
    const problems = [...misused, ...(await providers.validate(config, projectId))];
    if (problems.length === 0) return;
    const message = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
    throw new RapidaError('assistant_invalid', message);
  }

  async function credentialProblems(config: AssistantConfig, projectId: EntityId): Promise<ConfigProblem[]> {
    const problems: ConfigProblem[] = [];
    for (const engine of ENGINES) {
      const id = config[engine].credentialId;
      if (id === undefined) continue;
      const message = misuseOf(await credentials.get(projectId, id), 'openai-compatible');
      if (message !== undefined) problems.push({ path: `${engine}.credentialId`, message });
    }
    return problems;
  }

  async function validateDeployment({ credentialId }: PhoneDeployment, projectId: EntityId): Promise<void> {
    if (credentialId === null) return;
    const message = misuseOf(await credentials.get(projectId, credentialId), 'asterisk');
    if (message !== undefined) throw new RapidaError('deployment_invalid', `credentialId: ${message}`);
  }

  return {
    list: (projectId, limit, cursor) => assistants.list(projectId, limit, cursor),
    get: async (projectId, id) => found(await assistants.get(projectId, id)),
    async create(projectId, config) {
      await validate(config, projectId);
      const nowMs = clock.wallMs();
      const deployment = phoneDeploymentSchema.parse({});
      const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
      const assistant = { id: newId(), projectId, version: 1, config, deployment, ...times };
      await assistants.create(assistant);
      return assistant;
    },
    async saveConfig(projectId, id, config) {
      await validate(config, projectId);
      return found(await assistants.saveConfig(projectId, id, config, clock.wallMs()));
    },
    async saveDeployment(projectId, id, deployment) {
      await validateDeployment(deployment, projectId);
      return found(await assistants.saveDeployment(projectId, id, deployment, clock.wallMs()));
    },
    async remove(projectId, id) {
      if (!(await assistants.remove(projectId, id))) throw new RapidaError('assistant_not_found');
    },
  };
}

function found<T>(assistant: T | undefined): T {
  if (assistant === undefined) throw new RapidaError('assistant_not_found');
  return assistant;
}

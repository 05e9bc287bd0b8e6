import {
  type AssistantConfig,
  type AssistantStore,
  type Clock,
  type EntityId,
  type ProviderSource,
  phoneDeploymentSchema,
  RapidaError,
} from '@rapida/core';
import type { AssistantUseCases } from './use-cases.js';

export interface AssistantDependencies {
  readonly assistants: AssistantStore;
  readonly providers: Pick<ProviderSource, 'validate'>;
  readonly clock: Clock;
  readonly newId: () => EntityId;
}

export function createAssistantUseCases(dependencies: AssistantDependencies): AssistantUseCases {
  const { assistants, providers, clock, newId } = dependencies;

  async function validate(config: AssistantConfig): Promise<void> {
    const problems = await providers.validate(config);
    if (problems.length === 0) return;
    const message = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
    throw new RapidaError('assistant_invalid', message);
  }

  return {
    list: (projectId, limit, cursor) => assistants.list(projectId, limit, cursor),
    get: async (projectId, id) => found(await assistants.get(projectId, id)),
    async create(projectId, config) {
      await validate(config);
      const nowMs = clock.wallMs();
      const deployment = phoneDeploymentSchema.parse({});
      const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
      const assistant = { id: newId(), projectId, version: 1, config, deployment, ...times };
      await assistants.create(assistant);
      return assistant;
    },
    async saveConfig(projectId, id, config) {
      await validate(config);
      return found(await assistants.saveConfig(projectId, id, config, clock.wallMs()));
    },
    saveDeployment: async (projectId, id, deployment) =>
      found(await assistants.saveDeployment(projectId, id, deployment, clock.wallMs())),
    async remove(projectId, id) {
      if (!(await assistants.remove(projectId, id))) throw new RapidaError('assistant_not_found');
    },
  };
}

function found<T>(assistant: T | undefined): T {
  if (assistant === undefined) throw new RapidaError('assistant_not_found');
  return assistant;
}

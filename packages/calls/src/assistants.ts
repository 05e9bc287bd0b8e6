import {
  type AssistantConfig,
  type AssistantStore,
  type Clock,
  type ConfigProblem,
  type CredentialProvider,
  type CredentialStore,
  type EntityId,
  type PhoneDeployment,
  type ProviderSource,
  phoneDeploymentSchema,
  RapidaError,
} from '@rapida/core';
import { assistantAt } from './assistant-at.js';
import { configProblems } from './assistant-checks.js';
import { misuseOf } from './credentials/access.js';
import type { GuardedFetch } from './outside/guarded-fetch.js';
import { toolProblems } from './tools/problems.js';
import type { AssistantUseCases } from './use-cases.js';

export interface AssistantDependencies {
  readonly assistants: AssistantStore;
  readonly credentials: Pick<CredentialStore, 'get'>;
  readonly providers: Pick<ProviderSource, 'validate'>;
  /** Where tools may go. */
  readonly outside: Pick<GuardedFetch, 'check'>;
  readonly clock: Clock;
  readonly newId: () => EntityId;
}

interface NamedCredential {
  /** Path in the configuration. */
  readonly path: string;
  readonly id: EntityId;
  readonly provider: CredentialProvider;
}

/** Every credential that a configuration names, and of which provider it has to be. */
function credentialsNamedBy({ stt, llm, tts, realtime, fallback, tools }: AssistantConfig): NamedCredential[] {
  const engines = [
    ...Object.entries({ stt, llm, tts, realtime }),
    ...Object.entries(fallback).flatMap(([kind, chain]) =>
      chain.map((engine, index) => [`fallback.${kind}.${index}`, engine] as const),
    ),
  ];
  const named = [
    // The local engines need none: what they name is for when another is chosen.
    ...engines.map(([path, engine]) => ({
      ...{ path, id: engine?.credentialId },
      provider: engine === undefined || engine.provider === 'local' ? ('openai-compatible' as const) : engine.provider,
    })),
    ...[...tools.http.entries()].map(([i, tool]) => ({
      ...{ path: `tools.http.${i}`, id: tool.credentialId },
      provider: 'http' as const,
    })),
    ...[...tools.mcp.entries()].map(([i, server]) => ({
      ...{ path: `tools.mcp.${i}`, id: server.credentialId },
      provider: 'http' as const,
    })),
  ];
  return named.flatMap(({ path, id, provider }) =>
    id === undefined ? [] : [{ path: `${path}.credentialId`, id, provider }],
  );
}

export function createAssistantUseCases(dependencies: AssistantDependencies): AssistantUseCases {
  const { assistants, credentials, providers, outside, clock, newId } = dependencies;

  async function validate(config: AssistantConfig, projectId: EntityId): Promise<void> {
    const known = [...configProblems(config), ...(await credentialProblems(config, projectId))];
    const asked = [...toolProblems(config, outside), ...(await providers.validate(config, projectId))];
    const problems = [...known, ...asked];
    if (problems.length === 0) return;
    const message = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
    throw new RapidaError('assistant_invalid', message);
  }

  async function credentialProblems(config: AssistantConfig, projectId: EntityId): Promise<ConfigProblem[]> {
    const problems: ConfigProblem[] = [];
    for (const { path, id, provider } of credentialsNamedBy(config)) {
      const message = misuseOf(await credentials.get(projectId, id), provider);
      if (message !== undefined) problems.push({ path, message });
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
    async versions(projectId, id, limit, cursor) {
      return found(await assistants.versions(projectId, id, limit, cursor));
    },
    version: (projectId, id, version) =>
      assistantAt(assistants, { projectId, assistantId: id, assistantVersion: version }),
    async addVersion(projectId, id, config) {
      await validate(config, projectId);
      return found(await assistants.addVersion(projectId, id, config, clock.wallMs()));
    },
    async publish(projectId, id, version) {
      // Its credentials may be gone, and its engines may have others: only what is live keeps them.
      const { config } = await assistantAt(assistants, { projectId, assistantId: id, assistantVersion: version });
      await validate(config, projectId);
      const published = await assistants.publish(projectId, id, version, clock.wallMs());
      if (published === undefined) throw new RapidaError('assistant_version_not_found');
      return published;
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

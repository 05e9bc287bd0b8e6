import type { AssistantUseCases } from '@rapida/calls';
import { assistantJsonSchema } from '@rapida/core';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { errors, noContent, publicErrors } from '../openapi.js';
import {
  assistantSchema,
  configBodySchema,
  deploymentSchema,
  toAssistant,
  toConfig,
  toVersion,
  versionParams,
  versionSchema,
} from '../schemas/assistant.js';
import { idParams, listOf, pageQuery } from '../schemas/fields.js';

const READ = { access: ['calls'] } as const;
const WRITE = { access: ['admin'] } as const;
const tags = ['assistants'];
const failures = ['assistant_invalid', 'assistant_name_taken', 'phrase_unknown_word', 'body_too_large'] as const;

export function addAssistantRoutes(api: ApiInstance, assistants: AssistantUseCases): void {
  addReadRoutes(api, assistants);
  addWriteRoutes(api, assistants);
  addVersionRoutes(api, assistants);
  addPublishRoute(api, assistants);
  addDeploymentRoutes(api, assistants);
  addSchemaRoute(api);
}

function addReadRoutes(api: ApiInstance, assistants: AssistantUseCases): void {
  api.get(
    '/v1/assistants',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Assistants, newest first',
        operationId: 'listAssistants',
        querystring: pageQuery,
        response: { 200: listOf(assistantSchema), ...errors() },
      },
    },
    async ({ projectId, query }) => {
      const page = await assistants.list(projectId, query.limit, query.cursor ?? null);
      return { data: page.data.map(toAssistant), nextCursor: page.nextCursor };
    },
  );
  api.get(
    '/v1/assistants/:id',
    {
      config: READ,
      schema: {
        tags,
        summary: 'One assistant',
        operationId: 'getAssistant',
        params: idParams,
        response: { 200: assistantSchema, ...errors('assistant_not_found') },
      },
    },
    async ({ projectId, params }) => toAssistant(await assistants.get(projectId, params.id)),
  );
}

function addVersionRoutes(api: ApiInstance, assistants: AssistantUseCases): void {
  api.get(
    '/v1/assistants/:id/versions',
    {
      config: READ,
      schema: {
        tags,
        summary: 'What was saved of the assistant, newest first; of more than a thousand the oldest are forgotten',
        operationId: 'listAssistantVersions',
        params: idParams,
        querystring: pageQuery,
        response: { 200: listOf(versionSchema), ...errors('assistant_not_found') },
      },
    },
    async ({ projectId, params, query }) => {
      const { version: live } = await assistants.get(projectId, params.id);
      const page = await assistants.versions(projectId, params.id, query.limit, query.cursor ?? null);
      return { data: page.data.map((version) => toVersion(version, live)), nextCursor: page.nextCursor };
    },
  );
  api.get(
    '/v1/assistants/:id/versions/:version',
    {
      config: READ,
      schema: {
        tags,
        summary: 'The assistant with the configuration of this version',
        operationId: 'getAssistantVersion',
        params: versionParams,
        response: { 200: assistantSchema, ...errors('assistant_not_found', 'assistant_version_not_found') },
      },
    },
    async ({ projectId, params }) => toAssistant(await assistants.version(projectId, params.id, params.version)),
  );
  api.post(
    '/v1/assistants/:id/versions',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Saves a version without making it live; it never changes',
        operationId: 'addAssistantVersion',
        params: idParams,
        body: configBodySchema,
        response: { 201: versionSchema, ...errors('assistant_not_found', ...failures) },
      },
    },
    async ({ projectId, params, body }, reply) => {
      const added = await assistants.addVersion(projectId, params.id, toConfig(body));
      return reply.code(201).send(toVersion(added, 0));
    },
  );
}

function addPublishRoute(api: ApiInstance, assistants: AssistantUseCases): void {
  api.post(
    '/v1/assistants/:id/versions/:version/publish',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Makes a version live, for calls from now on: an older one is a roll-back',
        operationId: 'publishAssistantVersion',
        params: versionParams,
        response: {
          200: assistantSchema,
          ...errors('assistant_not_found', 'assistant_version_not_found', ...failures),
        },
      },
    },
    async ({ projectId, params }) => toAssistant(await assistants.publish(projectId, params.id, params.version)),
  );
}

function addSchemaRoute(api: ApiInstance): void {
  const schema = assistantJsonSchema();
  api.get(
    '/v1/assistants/schema.json',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'JSON Schema of a configuration, for editors',
        operationId: 'assistantSchema',
        response: { 200: z.record(z.string(), z.unknown()), ...publicErrors() },
      },
    },
    async () => schema,
  );
}

function addDeploymentRoutes(api: ApiInstance, assistants: AssistantUseCases): void {
  const url = '/v1/assistants/:id/phone-deployment';
  const schema = { tags, params: idParams };
  api.get(
    url,
    {
      config: READ,
      schema: {
        ...schema,
        summary: 'How the assistant is reached by telephone, and how it telephones',
        operationId: 'getPhoneDeployment',
        response: { 200: deploymentSchema, ...errors('assistant_not_found') },
      },
    },
    async ({ projectId, params }) => (await assistants.get(projectId, params.id)).deployment,
  );
  api.put(
    url,
    {
      config: WRITE,
      schema: {
        ...schema,
        summary: 'Replaces how the assistant is reached by telephone, and how it telephones',
        operationId: 'savePhoneDeployment',
        body: deploymentSchema,
        response: { 200: deploymentSchema, ...errors('assistant_not_found', 'deployment_invalid', 'body_too_large') },
      },
    },
    async ({ projectId, params, body }) => (await assistants.saveDeployment(projectId, params.id, body)).deployment,
  );
}

function addWriteRoutes(api: ApiInstance, assistants: AssistantUseCases): void {
  api.post(
    '/v1/assistants',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Creates an assistant; `{"name": "..."}` is enough',
        operationId: 'createAssistant',
        body: configBodySchema,
        response: { 201: assistantSchema, ...errors(...failures) },
      },
    },
    async ({ projectId, body }, reply) =>
      reply.code(201).send(toAssistant(await assistants.create(projectId, toConfig(body)))),
  );
  api.put(
    '/v1/assistants/:id',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Saves the configuration as a new version and makes it live',
        operationId: 'saveAssistant',
        params: idParams,
        body: configBodySchema,
        response: { 200: assistantSchema, ...errors('assistant_not_found', ...failures) },
      },
    },
    async ({ projectId, params, body }) =>
      toAssistant(await assistants.saveConfig(projectId, params.id, toConfig(body))),
  );
  api.delete(
    '/v1/assistants/:id',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Removes the assistant with its versions; its calls stay',
        operationId: 'removeAssistant',
        params: idParams,
        response: { 204: noContent, ...errors('assistant_not_found') },
      },
    },
    async ({ projectId, params }, reply) => {
      await assistants.remove(projectId, params.id);
      return reply.code(204).send();
    },
  );
}

import type { AssistantUseCases } from '@rapida/calls';
import type { ApiInstance } from '../api-instance.js';
import { errors, noContent } from '../openapi.js';
import { assistantSchema, configBodySchema, deploymentSchema, toAssistant, toConfig } from '../schemas/assistant.js';
import { idParams, listOf, pageQuery } from '../schemas/fields.js';

const READ = { access: ['calls'] } as const;
const WRITE = { access: ['admin'] } as const;
const tags = ['assistants'];

export function addAssistantRoutes(api: ApiInstance, assistants: AssistantUseCases): void {
  addReadRoutes(api, assistants);
  addWriteRoutes(api, assistants);
  addDeploymentRoutes(api, assistants);
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
  const failures = ['assistant_invalid', 'assistant_name_taken', 'phrase_unknown_word', 'body_too_large'] as const;
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
        summary: 'Replaces the configuration, as a new version',
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
        summary: 'Removes the assistant; its calls stay',
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

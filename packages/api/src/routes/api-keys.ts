import type { KeyUseCases } from '@rapida/calls';
import type { ApiInstance } from '../api-instance.js';
import { errors, noContent } from '../openapi.js';
import { apiKeySchema, createdApiKeySchema, newApiKeySchema, toApiKey } from '../schemas/api-key.js';
import { idParams, listOf } from '../schemas/fields.js';

const ACCESS = { access: ['admin'] } as const;

export function addApiKeyRoutes(api: ApiInstance, keys: KeyUseCases): void {
  const tags = ['api-keys'];
  api.get(
    '/v1/api-keys',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'All keys of the project; the keys themselves are never shown again',
        operationId: 'listApiKeys',
        response: { 200: listOf(apiKeySchema), ...errors() },
      },
    },
    async ({ projectId }) => ({ data: (await keys.list(projectId)).map(toApiKey), nextCursor: null }),
  );
  api.post(
    '/v1/api-keys',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Creates a key',
        operationId: 'createApiKey',
        body: newApiKeySchema,
        response: { 201: createdApiKeySchema, ...errors('body_too_large') },
      },
    },
    async ({ projectId, body }, reply) => {
      const { record, key } = await keys.create(projectId, body.name, [...new Set(body.scopes)]);
      return reply.code(201).send({ ...toApiKey(record), key });
    },
  );
  api.delete(
    '/v1/api-keys/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Revokes a key at once',
        operationId: 'revokeApiKey',
        params: idParams,
        response: { 204: noContent, ...errors('key_not_found') },
      },
    },
    async ({ projectId, params }, reply) => {
      await keys.revoke(projectId, params.id);
      return reply.code(204).send();
    },
  );
}

import type { WebhookUseCases } from '@rapida/calls';
import type { ApiInstance } from '../api-instance.js';
import { errors, noContent } from '../openapi.js';
import { idParams, listOf, pageQuery } from '../schemas/fields.js';
import {
  createdWebhookSchema,
  toWebhook,
  toWebhookInput,
  webhookInputSchema,
  webhookSchema,
  webhookSecretSchema,
} from '../schemas/webhook.js';
import { addDeliveryRoutes } from './deliveries.js';

const ACCESS = { access: ['admin'] } as const;
const tags = ['webhooks'];

/** Who is told of the events of calls. A secret is shown when it is made, and never again. */
export function addWebhookRoutes(api: ApiInstance, webhooks: WebhookUseCases): void {
  addReadRoutes(api, webhooks);
  addWriteRoutes(api, webhooks);
  addSecretRoute(api, webhooks);
  addDeliveryRoutes(api, webhooks);
}

function addReadRoutes(api: ApiInstance, webhooks: WebhookUseCases): void {
  api.get(
    '/v1/webhooks',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Webhooks without their secrets, newest first',
        operationId: 'listWebhooks',
        querystring: pageQuery,
        response: { 200: listOf(webhookSchema), ...errors() },
      },
    },
    async ({ projectId, query }) => {
      const page = await webhooks.list(projectId, query.limit, query.cursor ?? null);
      return { data: page.data.map(toWebhook), nextCursor: page.nextCursor };
    },
  );
  api.get(
    '/v1/webhooks/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'One webhook without its secret',
        operationId: 'getWebhook',
        params: idParams,
        response: { 200: webhookSchema, ...errors('webhook_not_found') },
      },
    },
    async ({ projectId, params }) => toWebhook(await webhooks.get(projectId, params.id)),
  );
}

function addWriteRoutes(api: ApiInstance, webhooks: WebhookUseCases): void {
  const failures = ['webhook_target_refused', 'assistant_not_found', 'body_too_large'] as const;
  api.post(
    '/v1/webhooks',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Tells an address of the events of calls; answers the secret that deliveries are signed with',
        operationId: 'createWebhook',
        body: webhookInputSchema,
        response: { 201: createdWebhookSchema, ...errors('webhook_limit', ...failures) },
      },
    },
    async ({ projectId, body }, reply) => {
      const { webhook, secret } = await webhooks.create(projectId, toWebhookInput(body));
      return reply.code(201).send({ ...toWebhook(webhook), secret });
    },
  );
  api.put(
    '/v1/webhooks/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Replaces a webhook; its secret stays',
        operationId: 'saveWebhook',
        params: idParams,
        body: webhookInputSchema,
        response: { 200: webhookSchema, ...errors('webhook_not_found', ...failures) },
      },
    },
    async ({ projectId, params, body }) => toWebhook(await webhooks.save(projectId, params.id, toWebhookInput(body))),
  );
  api.delete(
    '/v1/webhooks/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Removes a webhook and its deliveries',
        operationId: 'removeWebhook',
        params: idParams,
        response: { 204: noContent, ...errors('webhook_not_found') },
      },
    },
    async ({ projectId, params }, reply) => {
      await webhooks.remove(projectId, params.id);
      return reply.code(204).send();
    },
  );
}

function addSecretRoute(api: ApiInstance, webhooks: WebhookUseCases): void {
  api.post(
    '/v1/webhooks/:id/secret',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Makes a new secret, which deliveries are signed with from now on',
        operationId: 'rotateWebhookSecret',
        params: idParams,
        response: { 200: webhookSecretSchema, ...errors('webhook_not_found') },
      },
    },
    async ({ projectId, params }) => {
      const { secret } = await webhooks.rotateSecret(projectId, params.id);
      return { secret };
    },
  );
}

import type { WebhookUseCases } from '@rapida/calls';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { errors } from '../openapi.js';
import { idParams, listOf } from '../schemas/fields.js';
import {
  deliveryListQuery,
  deliverySchema,
  testDeliverySchema,
  toDelivery,
  toDeliveryFilter,
} from '../schemas/webhook.js';

const ACCESS = { access: ['admin'] } as const;
const tags = ['webhooks'];

/** What webhooks were told, will be told, and were told in vain. */
export function addDeliveryRoutes(api: ApiInstance, webhooks: WebhookUseCases): void {
  api.get(
    '/v1/webhooks/deliveries',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Deliveries to webhooks, newest first',
        operationId: 'listDeliveries',
        querystring: deliveryListQuery,
        response: { 200: listOf(deliverySchema), ...errors() },
      },
    },
    async ({ projectId, query }) => {
      const { limit, cursor = null } = query;
      const page = await webhooks.deliveries(projectId, toDeliveryFilter(query), limit, cursor);
      return { data: page.data.map(toDelivery), nextCursor: page.nextCursor };
    },
  );
  api.post(
    '/v1/webhooks/deliveries/:id/resend',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Queues a delivery once more, whatever became of it',
        operationId: 'resendDelivery',
        params: idParams,
        response: { 202: z.undefined().describe('Queued'), ...errors('delivery_not_found') },
      },
    },
    async ({ projectId, params }, reply) => {
      await webhooks.resend(projectId, params.id);
      return reply.code(202).send();
    },
  );
  api.post(
    '/v1/webhooks/:id/test',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Queues an event of type `test`',
        operationId: 'testWebhook',
        params: idParams,
        response: { 202: testDeliverySchema, ...errors('webhook_not_found') },
      },
    },
    async ({ projectId, params }, reply) => {
      const { deliveryId } = await webhooks.test(projectId, params.id);
      return reply.code(202).send({ deliveryId });
    },
  );
}

import type { WebhookInput, WebhookSummary } from '@rapida/calls';
import { CALL_EVENTS, DELIVERY_STATES, type DeliveryRecord, type JsonObject } from '@rapida/core';
import { z } from 'zod';
import { entityIdSchema, pageQuery, timeSchema, toTime, toTimeOrNull } from './fields.js';

const URL_CHARS_MAX = 2_000;

/** What the server adds when a webhook is read: taken back and ignored, so that what was read can be changed and saved. */
const added = z.unknown().optional().describe('Ignored: what was read may be put back as it is');

export const webhookInputSchema = z.strictObject({
  url: z.string().trim().min(1).max(URL_CHARS_MAX).describe('http(s), of the public internet'),
  assistantId: entityIdSchema.nullable().default(null).describe('null: of all assistants'),
  events: z.array(z.enum(CALL_EVENTS)).max(CALL_EVENTS.length).default([]).describe('Empty: all'),
  enabled: z.boolean().default(true),
  ...{ id: added, createdAt: added, updatedAt: added },
});

export const webhookSchema = z
  .object({
    id: z.string(),
    assistantId: z.string().nullable().describe('null: of all assistants'),
    url: z.string(),
    events: z.array(z.string()).describe('Empty: all'),
    enabled: z.boolean(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Webhook' });

const secret = z.string().describe('`whsec_` and base64: what deliveries are signed with; shown this one time only');

export const createdWebhookSchema = webhookSchema.extend({ secret }).meta({ id: 'CreatedWebhook' });
export const webhookSecretSchema = z.object({ secret }).meta({ id: 'WebhookSecret' });
export const testDeliverySchema = z.object({ deliveryId: z.string() }).meta({ id: 'TestDelivery' });

export const deliverySchema = z
  .object({
    id: z.string().describe('The header `webhook-id`, the same in every attempt'),
    webhookId: z.string(),
    callId: z.string().nullable().describe('null: a test'),
    seq: z.int().nullable().describe('Of the event in its call; null: a test'),
    type: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    nextAt: timeSchema.nullable().describe('null: there will be no other attempt'),
    lastStatus: z.int().nullable().describe('HTTP status of the last attempt; null: it had none'),
    lastError: z.string().nullable(),
    createdAt: timeSchema,
    deliveredAt: timeSchema.nullable(),
    payload: z.record(z.string(), z.unknown()).describe('What is sent'),
  })
  .meta({ id: 'Delivery' });

export const deliveryListQuery = pageQuery.extend({
  webhookId: entityIdSchema.optional(),
  callId: entityIdSchema.optional(),
  state: z.enum(DELIVERY_STATES).optional(),
});

export function toWebhookInput(body: z.output<typeof webhookInputSchema>): WebhookInput {
  const { url, assistantId, events, enabled } = body;
  return { url, assistantId, events: [...new Set(events)], enabled };
}

export function toWebhook(webhook: WebhookSummary): z.output<typeof webhookSchema> {
  const { id, assistantId, url, events, enabled, createdAtMs, updatedAtMs } = webhook;
  return {
    ...{ id, assistantId, url, events: [...events], enabled },
    createdAt: toTime(createdAtMs),
    updatedAt: toTime(updatedAtMs),
  };
}

export function toDelivery(delivery: DeliveryRecord): z.output<typeof deliverySchema> {
  const { id, webhookId, callId, seq, type, state, attempts, lastStatus, lastError } = delivery;
  return {
    ...{ id, webhookId, callId, seq, type, state, attempts, lastStatus, lastError },
    nextAt: toTimeOrNull(delivery.nextAtMs),
    createdAt: toTime(delivery.createdAtMs),
    deliveredAt: toTimeOrNull(delivery.deliveredAtMs),
    payload: JSON.parse(delivery.body) as JsonObject,
  };
}

export function toDeliveryFilter({ webhookId, callId, state }: z.output<typeof deliveryListQuery>) {
  return {
    ...(webhookId !== undefined && { webhookId }),
    ...(callId !== undefined && { callId }),
    ...(state !== undefined && { state }),
  };
}

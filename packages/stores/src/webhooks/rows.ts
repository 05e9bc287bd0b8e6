import type { DeliveryRecord, WebhookPatch, WebhookRecord } from '@rapida/core';
import type { Selectable, Updateable } from 'kysely';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { WebhookDeliveryTable, WebhookTable } from '../database/tables.js';

export function webhookToRow(webhook: WebhookRecord): Selectable<WebhookTable> {
  return {
    id: toStoredId(webhook.id),
    project_id: toStoredId(webhook.projectId),
    assistant_id: webhook.assistantId === null ? null : toStoredId(webhook.assistantId),
    url: webhook.url,
    events: JSON.stringify(webhook.events),
    enabled: webhook.enabled ? 1 : 0,
    sealed_secret: webhook.sealedSecret,
    created_at_ms: webhook.createdAtMs,
    updated_at_ms: webhook.updatedAtMs,
  };
}

export function rowToWebhook(row: Selectable<WebhookTable>): WebhookRecord {
  return {
    id: fromStoredId(row.id),
    projectId: fromStoredId(row.project_id),
    assistantId: row.assistant_id === null ? null : fromStoredId(row.assistant_id),
    url: row.url,
    events: JSON.parse(row.events),
    enabled: row.enabled === 1,
    sealedSecret: row.sealed_secret,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** Kysely leaves `undefined` out of an update. */
export function patchToColumns(patch: WebhookPatch): Updateable<WebhookTable> {
  const { assistantId, enabled } = patch;
  return {
    assistant_id: assistantId && toStoredId(assistantId),
    url: patch.url,
    events: patch.events && JSON.stringify(patch.events),
    enabled: enabled === undefined ? undefined : Number(enabled),
    sealed_secret: patch.sealedSecret,
  };
}

export function deliveryToRow(delivery: DeliveryRecord): Omit<Selectable<WebhookDeliveryTable>, 'due_at_ms'> {
  return {
    id: toStoredId(delivery.id),
    webhook_id: toStoredId(delivery.webhookId),
    project_id: toStoredId(delivery.projectId),
    call_id: delivery.callId === null ? null : toStoredId(delivery.callId),
    seq: delivery.seq,
    type: delivery.type,
    body: delivery.body,
    state: delivery.state,
    attempts: delivery.attempts,
    next_at_ms: delivery.nextAtMs,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at_ms: delivery.createdAtMs,
    delivered_at_ms: delivery.deliveredAtMs,
  };
}

export function rowToDelivery(row: Selectable<WebhookDeliveryTable>): DeliveryRecord {
  return {
    id: fromStoredId(row.id),
    webhookId: fromStoredId(row.webhook_id),
    projectId: fromStoredId(row.project_id),
    callId: row.call_id === null ? null : fromStoredId(row.call_id),
    seq: row.seq,
    type: row.type,
    body: row.body,
    state: row.state,
    attempts: row.attempts,
    nextAtMs: row.next_at_ms,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAtMs: row.created_at_ms,
    deliveredAtMs: row.delivered_at_ms,
  };
}

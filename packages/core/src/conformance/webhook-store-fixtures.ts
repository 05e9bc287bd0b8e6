import type { CallRecord } from '../call-record.js';
import type { CallStore } from '../call-store.js';
import type { EntityId } from '../ids.js';
import type { DeliveryRecord, WebhookRecord, WebhookStore } from '../webhook-store.js';
import { PROJECT } from './call-store-fixtures.js';

/** What each test of the suite works on. */
export interface WebhookStoreTest {
  readonly store: WebhookStore;
  readonly calls: CallStore;
  /** Stores {@link aWebhook} and returns it. */
  created(changes?: Partial<WebhookRecord>): Promise<WebhookRecord>;
  /** Stores a call and returns it. */
  called(changes?: Partial<CallRecord>): Promise<CallRecord>;
  /** Stores {@link aTestDelivery} and returns it. */
  tested(webhook: WebhookRecord, changes?: Partial<DeliveryRecord>): Promise<DeliveryRecord>;
  /** Appends an event to the call at that moment; its type says which. */
  told(call: CallRecord, type: string, atMs: number): Promise<void>;
  /** The id of the deliveries of this event from now on; undefined: of their own again. */
  nameDeliveries(id: EntityId | undefined): void;
}

let webhooks = 0;

/** A webhook that has everything and wants everything; no two have the same id or time. The ids grow with the times. */
export function aWebhook(changes: Partial<WebhookRecord> = {}): WebhookRecord {
  webhooks++;
  return {
    id: String(9_223_372_036_854_775_000n + BigInt(webhooks)),
    projectId: PROJECT,
    assistantId: null,
    url: `https://example.com/hook?n=${webhooks}&x=“Zoë”`,
    events: [],
    enabled: true,
    sealedSecret: `v1.key.${webhooks}`,
    createdAtMs: 1_790_000_000_000 + webhooks,
    updatedAtMs: 1_790_000_000_000.5 + webhooks,
    ...changes,
  };
}

let tests = 0;

/** A delivery of no call. The ids grow with the times. */
export function aTestDelivery(webhook: WebhookRecord, changes: Partial<DeliveryRecord> = {}): DeliveryRecord {
  tests++;
  return {
    id: String(1_000_000 + tests),
    webhookId: webhook.id,
    projectId: webhook.projectId,
    callId: null,
    seq: null,
    type: 'test',
    body: '{"text":"Grüße, “Zoë” 👋"}',
    state: 'pending',
    attempts: 0,
    nextAtMs: 1_790_000_000_000.5 + tests,
    lastStatus: null,
    lastError: null,
    createdAtMs: 1_790_000_000_000.5 + tests,
    deliveredAtMs: null,
    ...changes,
  };
}

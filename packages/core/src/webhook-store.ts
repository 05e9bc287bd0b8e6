import type { Page } from './call-record.js';
import type { EntityId } from './ids.js';

/** Who wants to be told of the events of calls. */
export interface WebhookRecord {
  readonly id: EntityId;
  readonly projectId: EntityId;
  /** Null: of all assistants of the project. */
  readonly assistantId: EntityId | null;
  readonly url: string;
  /** Names of events; empty: all. */
  readonly events: readonly string[];
  readonly enabled: boolean;
  /** What the vault made of the key that deliveries are signed with. */
  readonly sealedSecret: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type WebhookPatch = Partial<Pick<WebhookRecord, 'assistantId' | 'url' | 'events' | 'enabled' | 'sealedSecret'>>;

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event for one webhook, from the moment it is on record until it was taken or given up. */
export interface DeliveryRecord {
  /** The header `webhook-id`: the same in every attempt. */
  readonly id: EntityId;
  readonly webhookId: EntityId;
  readonly projectId: EntityId;
  /** Null for a test. */
  readonly callId: EntityId | null;
  /** Of the event in its call; null for a test. */
  readonly seq: number | null;
  readonly type: string;
  /** What is sent: JSON, the same in every attempt, so that its signature can be checked again. */
  readonly body: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Null where there will be none. */
  readonly nextAtMs: number | null;
  /** Of the last attempt: its HTTP status, or why there was none. */
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAtMs: number;
  readonly deliveredAtMs: number | null;
}

/** How an attempt ended. `nextAtMs` null: there will be no other, it was delivered or is dead. */
export interface DeliveryAttempt {
  readonly state: DeliveryState;
  readonly status: number | null;
  readonly error: string | null;
  readonly atMs: number;
  readonly nextAtMs: number | null;
}

/**
 * Webhooks and the outbox of their deliveries. A delivery is written by the store of calls in the transaction that writes
 * its event, for every enabled webhook of the project that wants it: what is on record will be told.
 */
export interface WebhookStore {
  create(webhook: WebhookRecord): Promise<void>;
  get(projectId: EntityId, id: EntityId): Promise<WebhookRecord | undefined>;
  /** Newest first. */
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<WebhookRecord>>;
  save(projectId: EntityId, id: EntityId, patch: WebhookPatch, atMs: number): Promise<WebhookRecord | undefined>;
  /** Removes deliveries of a webhook, in whatever state, and returns how many: before it is removed, which takes long with many. */
  forgetOf(projectId: EntityId, webhookId: EntityId, limit: number): Promise<number>;
  /** With the deliveries it has left. False where there is no such webhook. */
  remove(projectId: EntityId, id: EntityId): Promise<boolean>;
  /** How many a project has. */
  count(projectId: EntityId): Promise<number>;

  /**
   * Deliveries whose time has come, oldest first: of each webhook and call only the first that is pending, so that a
   * receiver hears of a call in its order. Webhooks in `passOver` have as many under way as they may.
   */
  due(nowMs: number, limit: number, passOver: readonly EntityId[]): Promise<readonly DueDelivery[]>;
  /**
   * Before an attempt: makes one that is due this node's until then, or until the attempt is written down. False where
   * another node was faster. Where one process has the store to itself nobody is, and nothing is written.
   */
  claim(id: EntityId, nowMs: number, untilMs: number): Promise<boolean>;
  /** Writes down an attempt: one more, with its outcome. Unknown ids (the webhook was removed) are ignored. */
  attempted(id: EntityId, attempt: DeliveryAttempt): Promise<void>;
  /** One that belongs to no call. */
  addTest(delivery: DeliveryRecord): Promise<void>;
  /** Newest first. */
  deliveries(
    projectId: EntityId,
    filter: { readonly webhookId?: EntityId; readonly callId?: EntityId; readonly state?: DeliveryState },
    limit: number,
    cursor: string | null,
  ): Promise<Page<DeliveryRecord>>;
  /** Pending again, from now on, with no attempts counted; false where there is no such delivery. */
  resend(projectId: EntityId, id: EntityId, nowMs: number): Promise<boolean>;
  /** Forgets deliveries that were delivered or given up, and are older. Returns how many. */
  forgetDeliveries(beforeMs: number, limit: number): Promise<number>;
}

export interface DueDelivery {
  readonly delivery: DeliveryRecord;
  readonly webhook: WebhookRecord;
}

import type { DeliveryRecord, DeliveryState, EntityId, Page } from '@rapida/core';

export interface WebhookSummary {
  readonly id: EntityId;
  readonly assistantId: EntityId | null;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface WebhookInput {
  readonly url: string;
  /** Null: of all assistants. */
  readonly assistantId: EntityId | null;
  /** Empty: all. Others than CALL_EVENTS are refused with invalid_request. */
  readonly events: readonly string[];
  readonly enabled: boolean;
}

/** All that name one fail with webhook_not_found or delivery_not_found. */
export interface WebhookUseCases {
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<WebhookSummary>>;
  get(projectId: EntityId, id: EntityId): Promise<WebhookSummary>;
  /**
   * `secret` is the only time it is seen: `whsec_` and base64, as Standard Webhooks has it. Fails with
   * webhook_target_refused, assistant_not_found, webhook_limit.
   */
  create(
    projectId: EntityId,
    input: WebhookInput,
  ): Promise<{ readonly webhook: WebhookSummary; readonly secret: string }>;
  save(projectId: EntityId, id: EntityId, input: WebhookInput): Promise<WebhookSummary>;
  /** A new secret; deliveries from now on are signed with it. */
  rotateSecret(projectId: EntityId, id: EntityId): Promise<{ readonly secret: string }>;
  remove(projectId: EntityId, id: EntityId): Promise<void>;
  /** Queues an event of type `test`, and returns the id of its delivery. */
  test(projectId: EntityId, id: EntityId): Promise<{ readonly deliveryId: EntityId }>;
  deliveries(
    projectId: EntityId,
    filter: { readonly webhookId?: EntityId; readonly callId?: EntityId; readonly state?: DeliveryState },
    limit: number,
    cursor: string | null,
  ): Promise<Page<DeliveryRecord>>;
  resend(projectId: EntityId, deliveryId: EntityId): Promise<void>;
}

import type { CallRecord, ContextId, EntityId, Json } from '@rapida/core';

export interface PhoneCallOrder {
  readonly assistantId: string;
  /** `latest` or empty: the one that is live when the call is placed, and stays so for it; or the number of a version. */
  readonly version: string;
  readonly toNumber: string;
  /** Empty: the deployment's `phone`. */
  readonly fromNumber: string;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly args: Readonly<Record<string, Json>>;
  /** notBefore (ISO 8601), ringSeconds, attempts, retryAfterSeconds, retryOn, overrides; others are ignored and named in the answer. */
  readonly options: Readonly<Record<string, Json>>;
}

export interface PlacedCall {
  readonly id: EntityId;
  readonly contextId: ContextId;
  readonly state: CallRecord['state'];
  /** Names of options that mean nothing here; absent where there are none. */
  readonly ignoredOptions?: readonly string[];
}

export interface OutboundUseCases {
  /**
   * Checks all, then queues all or none; what is returned is stored. An error of one of several names it
   * (`phoneCalls[3]: ...`). With a key a repeat returns the first answer; the same key with another request fails with
   * idempotency_conflict. Fails with assistant_id_malformed, assistant_not_found, assistant_version_not_found,
   * deployment_disabled, deployment_incomplete, credential_unreadable, number_missing, number_invalid, caller_id_invalid,
   * invalid_request, bulk_invalid, queue_full, draining.
   */
  place(
    projectId: EntityId,
    orders: readonly PhoneCallOrder[],
    idempotencyKey: string | undefined,
  ): Promise<readonly PlacedCall[]>;
}

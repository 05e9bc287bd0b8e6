import type { CredentialProvider, CredentialUser, EntityId, ErrorCode, Page } from '@rapida/core';

/** A credential without its value: that never leaves the server. */
export interface CredentialSummary {
  readonly id: EntityId;
  readonly name: string;
  readonly provider: CredentialProvider;
  /** Names of the fields that are set. */
  readonly fields: readonly string[];
  readonly callsPerSecond: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly lastUsedAtMs: number | null;
}

export interface CredentialInput {
  readonly name: string;
  readonly provider: CredentialProvider;
  /** As sent: checked against the schema of its provider; credential_invalid names the field, never the value. */
  readonly value: unknown;
  readonly callsPerSecond?: number | undefined;
}

/** What asking the other side showed. A failure is a result, not an error. */
export interface CredentialCheck {
  readonly ok: boolean;
  readonly code: ErrorCode | null;
  /** For people: the version of Asterisk, or what to change. */
  readonly message: string;
}

/** What one vendor, or an Asterisk, says of a key. */
export interface ProviderHealth extends CredentialCheck {
  readonly provider: CredentialProvider;
  /** Null: the server's own key. */
  readonly credentialId: EntityId | null;
  readonly name: string | null;
  readonly checkedAtMs: number;
}

/** All fail with credential_not_found where there is none of this id in the project. */
export interface CredentialUseCases {
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<CredentialSummary>>;
  get(projectId: EntityId, id: EntityId): Promise<CredentialSummary>;
  /** Fails with credential_invalid or credential_name_taken. */
  create(projectId: EntityId, input: CredentialInput): Promise<CredentialSummary>;
  /** Replaces it; without `value` the old one stays. The provider cannot change (credential_invalid). */
  save(
    projectId: EntityId,
    id: EntityId,
    input: Omit<CredentialInput, 'value'> & { readonly value?: unknown },
  ): Promise<CredentialSummary>;
  /** Fails with credential_in_use, naming the assistants. */
  remove(projectId: EntityId, id: EntityId): Promise<void>;
  /** Who names it. */
  users(projectId: EntityId, id: EntityId): Promise<readonly CredentialUser[]>;
  /** Bounded in time. */
  check(projectId: EntityId, id: EntityId): Promise<CredentialCheck>;
  /** Of everything the project's assistants could name; each is asked once a minute at most. */
  health(projectId: EntityId): Promise<readonly ProviderHealth[]>;
  /** Seals everything that was sealed with an older key with the first one; all projects. Safe to run twice and at once. */
  reencrypt(): Promise<{ readonly reencrypted: number; readonly current: number; readonly unreadable: number }>;
}

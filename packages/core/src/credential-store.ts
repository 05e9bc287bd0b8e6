import type { Page } from './call-record.js';
import type { CredentialProvider } from './credential.js';
import type { EntityId } from './ids.js';

export interface CredentialRecord {
  readonly id: EntityId;
  readonly projectId: EntityId;
  /** Unique in the project. */
  readonly name: string;
  readonly provider: CredentialProvider;
  /** Names of the fields that are set, for people. */
  readonly fields: readonly string[];
  /** The value as the vault sealed it. */
  readonly sealed: string;
  /** Calls that may be begun with it in a second. */
  readonly callsPerSecond: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly lastUsedAtMs: number | null;
}

export interface CredentialUser {
  readonly assistantId: EntityId;
  readonly name: string;
}

export type CredentialPatch = Partial<Pick<CredentialRecord, 'name' | 'fields' | 'sealed' | 'callsPerSecond'>>;

/** Credentials, sealed: a store never sees what is inside. */
export interface CredentialStore {
  /** Fails with `credential_name_taken` where the project has one of that name; so does `save`. */
  create(credential: CredentialRecord): Promise<void>;
  get(projectId: EntityId, id: EntityId): Promise<CredentialRecord | undefined>;
  /** Newest first. */
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<CredentialRecord>>;
  /** Changes what the patch names; undefined where there is no such credential. */
  save(projectId: EntityId, id: EntityId, patch: CredentialPatch, atMs: number): Promise<CredentialRecord | undefined>;
  /**
   * False where there is no such credential. Fails with `credential_in_use`, naming the assistants, while a phone
   * deployment or a configuration of the project names it: looked up and removed in one transaction.
   */
  remove(projectId: EntityId, id: EntityId): Promise<boolean>;
  /** Assistants of the project whose live configuration or phone deployment names it, oldest first. */
  users(projectId: EntityId, id: EntityId): Promise<readonly CredentialUser[]>;
  /** Notes its use; never goes back in time. Unknown ids are ignored. */
  used(id: EntityId, atMs: number): Promise<void>;
  /** Of all projects, by ascending id, for re-encryption. At most 200. */
  after(id: EntityId | null, limit: number): Promise<readonly CredentialRecord[]>;
  /** Replaces `from` by `to`; false where the value is another by now. */
  reseal(id: EntityId, from: string, to: string): Promise<boolean>;
}

import type { EntityId } from './ids.js';

export const KEY_SCOPES = ['inbound', 'calls', 'admin'] as const;
/** `inbound`: register calls. `calls`: read and steer calls. `admin`: everything. */
export type KeyScope = (typeof KEY_SCOPES)[number];

export interface ApiKeyRecord {
  readonly id: EntityId;
  readonly projectId: EntityId;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** The first characters, to tell keys apart in a list. */
  readonly prefix: string;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}

/** Keys are kept as SHA-256 of the whole key: 256 random bits need no slow hash, and a lookup must not cost one. */
export interface ApiKeyStore {
  create(key: ApiKeyRecord, hash: string): Promise<void>;
  /** Undefined for an unknown or revoked key. */
  findByHash(hash: string): Promise<ApiKeyRecord | undefined>;
  list(projectId: EntityId): Promise<readonly ApiKeyRecord[]>;
  /** False where there is no such key, or it is revoked already. */
  revoke(projectId: EntityId, id: EntityId, atMs: number): Promise<boolean>;
}

export interface ProjectStore {
  /** The oldest project, made where there is none. `created` tells the first start from the others. */
  ensureDefault(project: {
    id: EntityId;
    name: string;
    createdAtMs: number;
  }): Promise<{ id: EntityId; created: boolean }>;
  /** The oldest project; undefined before the first start. */
  findDefault(): Promise<EntityId | undefined>;
}

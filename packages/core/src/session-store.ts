import type { KeyScope } from './api-key-store.js';
import type { EntityId } from './ids.js';

/** Somebody who is signed in with a browser. */
export interface SessionRecord {
  readonly projectId: EntityId;
  /** The API key it was opened with and acts as; null: the password. */
  readonly keyId: EntityId | null;
  readonly createdAtMs: number;
  /** When it was used last, to within a few minutes. */
  readonly seenAtMs: number;
  /** It ends then, however much it is used. */
  readonly expiresAtMs: number;
}

/** With what its key is now; null where it has none. */
export interface FoundSession extends SessionRecord {
  readonly key: { readonly name: string; readonly scopes: readonly KeyScope[] } | null;
}

/** Kept as SHA-256 of their ids, which have 256 random bits: who reads the database can be nobody. */
export interface SessionStore {
  /** Of those of the same key, or of the password, the oldest ones beyond `keptMax` end. */
  create(session: SessionRecord, hash: string, keptMax: number): Promise<void>;
  /** Undefined where there is none, or its key was revoked. Whether it is too old is for whoever asks to say. */
  find(hash: string): Promise<FoundSession | undefined>;
  seen(hash: string, atMs: number): Promise<void>;
  end(hash: string): Promise<void>;
  /** Those of the password, but for the one of that hash. */
  endOfPassword(projectId: EntityId, exceptHash: string | null): Promise<void>;
  /** Those that had expired, or were not seen since, are gone for good. */
  forget(expiredAtMs: number, seenBeforeMs: number): Promise<void>;
}

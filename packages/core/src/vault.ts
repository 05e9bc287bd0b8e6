import type { EntityId } from './ids.js';

/** Whose value it is: sealed with it, so that a value cannot be moved to another credential. */
export interface SealedFor {
  readonly projectId: EntityId;
  readonly credentialId: EntityId;
}

/** Seals what must not be read in a database or a backup. */
export interface Vault {
  seal(plain: string, whose: SealedFor): string;
  /** Fails with `credential_unreadable` where no key opens it, or it is another's. */
  open(sealed: string, whose: SealedFor): string;
  /** False where it was sealed with a key that is not the first. */
  isCurrent(sealed: string): boolean;
}

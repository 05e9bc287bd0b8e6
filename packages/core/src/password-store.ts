import type { EntityId } from './ids.js';

/** The password that signs a person in as an admin of a project, and the one-time token to set it with. */
export interface PasswordRecord {
  /** Slow to make, with its salt; null: none was set yet. */
  readonly hash: string | null;
  readonly setUp: SetUpToken | null;
}

export interface SetUpToken {
  /** SHA-256 of the token, which has 256 random bits. */
  readonly hash: string;
  readonly expiresAtMs: number;
}

export interface PasswordStore {
  get(projectId: EntityId): Promise<PasswordRecord>;
  /** The token there was is worth nothing from then on. */
  set(projectId: EntityId, hash: string): Promise<void>;
  /** In place of the one there was. */
  replaceToken(projectId: EntityId, token: SetUpToken): Promise<void>;
  /** Only where there is no password and no token that is valid at that moment; of several at once one. False: not stored. */
  offerToken(projectId: EntityId, token: SetUpToken, nowMs: number): Promise<boolean>;
  /** Sets the password and uses the token up, at most once however many try; false where it is not the valid one. */
  redeem(projectId: EntityId, tokenHash: string, nowMs: number, hash: string): Promise<boolean>;
}

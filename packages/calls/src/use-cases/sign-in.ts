import type { ApiKeyRecord, EntityId, KeyScope } from '@rapida/core';

export interface KeyUseCases {
  /** The key's record when it is known and may do one of `scopes` (`admin` may do everything); else key_invalid or key_scope. */
  authenticate(key: string, scopes: readonly KeyScope[]): Promise<ApiKeyRecord>;
  /** The only time the key itself is seen: `rpd-` and 43 random characters. */
  create(
    projectId: EntityId,
    name: string,
    scopes: readonly KeyScope[],
  ): Promise<{ readonly record: ApiKeyRecord; readonly key: string }>;
  list(projectId: EntityId): Promise<readonly ApiKeyRecord[]>;
  revoke(projectId: EntityId, id: EntityId): Promise<void>;
}

/** Who is signed in with a browser. */
export interface Session {
  readonly kind: 'key' | 'password';
  /** The key's, or `admin`. */
  readonly name: string;
  /** Null: the password, which may do everything in its project. */
  readonly keyId: EntityId | null;
  readonly projectId: EntityId;
  readonly scopes: readonly KeyScope[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface OpenedSession {
  /** The secret that the browser keeps: 43 characters of base64url. */
  readonly id: string;
  readonly session: Session;
}

export interface SetUpOffer {
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface PasswordChange {
  readonly projectId: EntityId;
  /** The key that does it; null: the password itself, which then has to be given once more. */
  readonly keyId: EntityId | null;
  readonly password: string;
  readonly current: string | undefined;
  /** This one of the password goes on. */
  readonly sessionId: string | undefined;
  readonly address: string;
}

/**
 * Browsers sign in with a key or with the one password of an installation, and are known by a session from then on. `address`
 * is whose failures are counted: too_many_sign_ins.
 */
export interface SignInUseCases {
  state(): Promise<{ readonly password: 'set' | 'unset'; readonly setup: 'open' | 'closed' }>;
  /** Fails with key_invalid. The session may do what its key may, and ends with it. */
  withKey(key: string, address: string): Promise<OpenedSession>;
  /** Fails with password_unset or password_wrong. */
  withPassword(password: string, address: string): Promise<OpenedSession>;
  /** Sets the password, ends the sessions of the one before, and signs in. Fails with password_unfit or setup_token_invalid. */
  setUp(token: string, password: string, address: string): Promise<OpenedSession>;
  /** Fails with session_over, or key_scope. */
  authenticate(id: string, scopes: readonly KeyScope[]): Promise<Session>;
  /** Fails with session_over. */
  get(id: string): Promise<Session>;
  /** Idempotent. */
  end(id: string): Promise<void>;
  /** Fails with password_unfit, password_wrong, or key_scope in a project without a password. */
  changePassword(change: PasswordChange): Promise<void>;
  /** In place of the token that there was; the password stays until it is used. */
  newSetUp(projectId: EntityId): Promise<SetUpOffer>;
  /** For the start of a server: undefined where there is a password, or a token that another start has made. */
  offerSetUp(): Promise<SetUpOffer | undefined>;
}

import {
  type Clock,
  type EntityId,
  KEY_SCOPES,
  type Logger,
  type PasswordStore,
  type ProjectStore,
  RapidaError,
  type SessionStore,
} from '@rapida/core';
import type { KeyUseCases, OpenedSession, PasswordChange, SetUpOffer, SignInUseCases } from '../use-cases.js';
import { Attempts, type Tried } from './attempts.js';
import { PasswordHashes } from './password-hash.js';
import { hashOfToken, isToken, newToken } from './random-token.js';
import { Sessions } from './sessions.js';

/** A token that a start of the server makes; one that a person has asked for. */
export const OFFERED_TOKEN_MS = 24 * 3_600_000;
export const ASKED_TOKEN_MS = 3_600_000;
export const PASSWORD_CHARS_MIN = 10;
export const PASSWORD_CHARS_MAX = 200;

export interface SignInDependencies {
  readonly keys: Pick<KeyUseCases, 'authenticate'>;
  readonly sessions: SessionStore;
  readonly passwords: PasswordStore;
  readonly projects: Pick<ProjectStore, 'findDefault'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createSignIn(dependencies: SignInDependencies): SignInUseCases {
  return new SignIn(dependencies);
}

/** The password is that of the first project: with it one signs in as its admin. */
class SignIn implements SignInUseCases {
  readonly #dependencies: SignInDependencies;
  readonly #sessions: Sessions;
  readonly #attempts: Attempts;
  readonly #hashes = new PasswordHashes();

  constructor(dependencies: SignInDependencies) {
    this.#dependencies = dependencies;
    this.#sessions = new Sessions(dependencies);
    this.#attempts = new Attempts(dependencies.clock);
  }

  async state() {
    const { hash, setUp } = await this.#dependencies.passwords.get(await this.#project());
    const isOpen = setUp !== null && setUp.expiresAtMs > this.#dependencies.clock.wallMs();
    return { password: hash === null ? 'unset' : 'set', setup: isOpen ? 'open' : 'closed' } as const;
  }

  withKey(key: string, address: string): Promise<OpenedSession> {
    return this.#attempt(address, 'random', async () => {
      const { projectId, id: keyId, name, scopes } = await this.#dependencies.keys.authenticate(key, KEY_SCOPES);
      return this.#sessions.open({ projectId, keyId, key: { name, scopes } });
    });
  }

  withPassword(password: string, address: string): Promise<OpenedSession> {
    return this.#attempt(address, 'password', async () => {
      const projectId = await this.#project();
      await this.#check(projectId, password);
      return this.#sessions.open({ projectId, keyId: null, key: null });
    });
  }

  async setUp(token: string, password: string, address: string): Promise<OpenedSession> {
    checkFit(password);
    return this.#attempt(address, 'random', async () => {
      const { passwords, clock, logger } = this.#dependencies;
      const projectId = await this.#project();
      const tokenHash = hashOfToken(token);
      // Looked at first: a hash is not made for whoever has no token.
      const { setUp } = await passwords.get(projectId);
      if (!isToken(token) || setUp?.hash !== tokenHash) throw new RapidaError('setup_token_invalid');
      const hash = await this.#hashes.make(password);
      if (!(await passwords.redeem(projectId, tokenHash, clock.wallMs(), hash))) {
        throw new RapidaError('setup_token_invalid');
      }
      logger.info({}, 'the password was set with a set-up link');
      await this.#sessions.endOfPassword(projectId, undefined);
      return this.#sessions.open({ projectId, keyId: null, key: null });
    });
  }

  authenticate: SignInUseCases['authenticate'] = (id, scopes) => this.#sessions.authenticate(id, scopes);

  get: SignInUseCases['get'] = (id) => this.#sessions.get(id);

  end: SignInUseCases['end'] = (id) => this.#sessions.end(id);

  async changePassword({ projectId, keyId, password, current, sessionId, address }: PasswordChange): Promise<void> {
    const { passwords, logger } = this.#dependencies;
    await this.#requireDefault(projectId);
    checkFit(password);
    if (keyId === null) await this.#attempt(address, 'password', () => this.#check(projectId, current ?? ''));
    await passwords.set(projectId, await this.#hashes.make(password));
    logger.info({ keyId }, 'the password was changed');
    await this.#sessions.endOfPassword(projectId, keyId === null ? sessionId : undefined);
  }

  async newSetUp(projectId: EntityId): Promise<SetUpOffer> {
    const { passwords, clock } = this.#dependencies;
    await this.#requireDefault(projectId);
    const { token, hash } = newToken();
    const expiresAtMs = clock.wallMs() + ASKED_TOKEN_MS;
    await passwords.replaceToken(projectId, { hash, expiresAtMs });
    return { token, expiresAtMs };
  }

  async offerSetUp(): Promise<SetUpOffer | undefined> {
    const { passwords, clock } = this.#dependencies;
    const { token, hash } = newToken();
    const nowMs = clock.wallMs();
    const expiresAtMs = nowMs + OFFERED_TOKEN_MS;
    const isOffered = await passwords.offerToken(await this.#project(), { hash, expiresAtMs }, nowMs);
    return isOffered ? { token, expiresAtMs } : undefined;
  }

  async #check(projectId: EntityId, password: string): Promise<void> {
    const { hash } = await this.#dependencies.passwords.get(projectId);
    if (hash === null) throw new RapidaError('password_unset');
    if (password.length > PASSWORD_CHARS_MAX || !(await this.#hashes.matches(password, hash))) {
      throw new RapidaError('password_wrong');
    }
  }

  async #attempt<T>(address: string, tried: Tried, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#attempts.of(address, tried, work);
    } catch (error) {
      const { code } = RapidaError.from(error);
      this.#dependencies.logger.warn({ code, address }, 'signing in was refused');
      throw error;
    }
  }

  async #project(): Promise<EntityId> {
    const projectId = await this.#dependencies.projects.findDefault();
    if (projectId === undefined) throw new RapidaError('store_failed', 'There is no project yet.');
    return projectId;
  }

  async #requireDefault(projectId: EntityId): Promise<void> {
    if (projectId === (await this.#project())) return;
    throw new RapidaError('key_scope', 'the password is that of another project');
  }
}

function checkFit(password: string): void {
  if (password.length < PASSWORD_CHARS_MIN || password.length > PASSWORD_CHARS_MAX) {
    throw new RapidaError('password_unfit');
  }
}

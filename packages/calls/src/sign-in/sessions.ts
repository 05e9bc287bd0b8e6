import {
  type Clock,
  type EntityId,
  type FoundSession,
  type KeyScope,
  RapidaError,
  type SessionRecord,
  type SessionStore,
} from '@rapida/core';
import type { OpenedSession, Session } from '../use-cases.js';
import { hashOfToken, isToken, newToken } from './random-token.js';

/** However much it is used. */
export const SESSION_MS_MAX = 7 * 24 * 3_600_000;
/** Without being used. */
export const SESSION_IDLE_MS_MAX = 12 * 3_600_000;
/** That it was used is written no more often. */
export const SEEN_EVERY_MS = 300_000;
/** Of one key, or of the password; one more ends the oldest. */
export const SESSIONS_PER_KEY_MAX = 100;

export interface SessionDependencies {
  readonly sessions: SessionStore;
  readonly clock: Clock;
}

export type NewSession = Pick<SessionRecord, 'projectId' | 'keyId'> & Pick<FoundSession, 'key'>;

/** Nothing is cached: what another node ends is over here at once. */
export class Sessions {
  readonly #sessions: SessionStore;
  readonly #clock: Clock;

  constructor({ sessions, clock }: SessionDependencies) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  async open({ projectId, keyId, key }: NewSession): Promise<OpenedSession> {
    const nowMs = this.#clock.wallMs();
    await this.#sessions.forget(nowMs, nowMs - SESSION_IDLE_MS_MAX);
    const record = { projectId, keyId, createdAtMs: nowMs, seenAtMs: nowMs, expiresAtMs: nowMs + SESSION_MS_MAX };
    const { token: id, hash } = newToken();
    await this.#sessions.create(record, hash, SESSIONS_PER_KEY_MAX);
    return { id, session: shown({ ...record, key }) };
  }

  /** Fails with session_over, or key_scope. */
  async authenticate(id: string, scopes: readonly KeyScope[]): Promise<Session> {
    const session = await this.get(id);
    if (session.scopes.includes('admin') || scopes.some((scope) => session.scopes.includes(scope))) return session;
    throw new RapidaError('key_scope', `this session lacks the scope ${scopes.join(' or ')}`);
  }

  async get(id: string): Promise<Session> {
    const nowMs = this.#clock.wallMs();
    const hash = hashOfToken(id);
    const found = isToken(id) ? await this.#sessions.find(hash) : undefined;
    if (found === undefined || isOver(found, nowMs)) throw new RapidaError('session_over');
    if (nowMs - found.seenAtMs >= SEEN_EVERY_MS) await this.#sessions.seen(hash, nowMs);
    return shown(found);
  }

  async end(id: string): Promise<void> {
    if (isToken(id)) await this.#sessions.end(hashOfToken(id));
  }

  async endOfPassword(projectId: EntityId, exceptId: string | undefined): Promise<void> {
    await this.#sessions.endOfPassword(projectId, exceptId === undefined ? null : hashOfToken(exceptId));
  }
}

function isOver({ expiresAtMs, seenAtMs }: SessionRecord, nowMs: number): boolean {
  return nowMs >= expiresAtMs || nowMs - seenAtMs >= SESSION_IDLE_MS_MAX;
}

function shown({ projectId, keyId, key, createdAtMs, expiresAtMs }: FoundSession): Session {
  const who =
    keyId === null || key === null
      ? ({ kind: 'password', name: 'admin', keyId: null, scopes: ['admin'] } as const)
      : ({ kind: 'key', name: key.name, keyId, scopes: key.scopes } as const);
  return { ...who, projectId, createdAtMs, expiresAtMs };
}

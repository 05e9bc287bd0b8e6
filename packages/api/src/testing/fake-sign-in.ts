import type { Session, UseCases } from '@rapida/calls';
import { RapidaError } from '@rapida/core';
import { CREATED_AT_MS, PROJECT } from './records.js';

export const PASSWORD = 'correct horse battery';
export const SETUP_TOKEN = 't'.repeat(43);

/** One of the password, and one of a key that may read calls. */
export const SESSIONS = { admin: 'a'.repeat(43), calls: 'c'.repeat(43) } as const;

const ADMIN: Session = {
  ...{ kind: 'password', name: 'admin', keyId: null, projectId: PROJECT, scopes: ['admin'] },
  ...{ createdAtMs: CREATED_AT_MS, expiresAtMs: CREATED_AT_MS + 60_000 },
};
const CALLS: Session = { ...ADMIN, kind: 'key', name: 'pbx', keyId: '21', scopes: ['calls'] };

export function fakeSignIn(asked: (readonly unknown[])[]): UseCases['signIn'] {
  const get = async (id: string): Promise<Session> => {
    if (id === SESSIONS.admin) return ADMIN;
    if (id === SESSIONS.calls) return CALLS;
    throw new RapidaError('session_over');
  };
  return {
    state: async () => ({ password: 'set', setup: 'closed' }),
    async withKey(key, address) {
      asked.push(['signIn.withKey', key, address]);
      return { id: SESSIONS.calls, session: CALLS };
    },
    async withPassword(password, address) {
      asked.push(['signIn.withPassword', address]);
      if (password !== PASSWORD) throw new RapidaError('password_wrong');
      return { id: SESSIONS.admin, session: ADMIN };
    },
    async setUp(token) {
      if (token !== SETUP_TOKEN) throw new RapidaError('setup_token_invalid');
      return { id: SESSIONS.admin, session: ADMIN };
    },
    async authenticate(id, scopes) {
      const session = await get(id);
      if (session.scopes.includes('admin') || scopes.some((scope) => session.scopes.includes(scope))) return session;
      throw new RapidaError('key_scope');
    },
    get,
    async end(id) {
      asked.push(['signIn.end', id]);
    },
    async changePassword(change) {
      asked.push(['signIn.changePassword', change]);
    },
    newSetUp: async () => ({ token: SETUP_TOKEN, expiresAtMs: CREATED_AT_MS }),
    offerSetUp: async () => undefined,
  };
}

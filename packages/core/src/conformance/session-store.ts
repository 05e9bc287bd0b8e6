import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionRecord, SessionStore } from '../session-store.js';

export interface SessionStoreUnderTest {
  readonly store: SessionStore;
  /** Stores an API key of that project; what is returned revokes it. */
  addKey(id: string, projectId: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const PROJECT = '18446744073709551615';
const OTHER_PROJECT = '7';
const KEY = '9223372036854775001';
const AT_MS = 1_790_000_000_000;
const KEPT_MAX = 100;

function aSession(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    ...{ projectId: PROJECT, keyId: null, createdAtMs: AT_MS, seenAtMs: AT_MS, expiresAtMs: AT_MS + 1_000 },
    ...changes,
  };
}

/** The promises of {@link SessionStore}. `make` gives an empty one. Keys are called `pbx` and have the scope `calls`. */
export function sessionStoreConformance(name: string, make: () => Promise<SessionStoreUnderTest>): void {
  describe(`${name} as a SessionStore`, () => {
    let underTest: SessionStoreUnderTest;
    let store: SessionStore;
    beforeEach(async () => {
      underTest = await make();
      store = underTest.store;
    });
    afterEach(() => underTest.close());

    const left = async (...hashes: string[]): Promise<string[]> => {
      const found = await Promise.all(hashes.map(async (hash) => ((await store.find(hash)) ? [hash] : [])));
      return found.flat();
    };

    it('finds a session of the password by its hash and by nothing like it', async () => {
      await store.create(aSession(), 'abc', KEPT_MAX);
      expect(await store.find('abc')).toEqual({ ...aSession(), key: null });
      expect(await left('', 'ab', 'ABC', '%')).toEqual([]);
    });

    it('finds a session of a key with what the key is now, until the key is revoked', async () => {
      const revoke = await underTest.addKey(KEY, PROJECT);
      const session = aSession({ keyId: KEY });
      await store.create(session, 'abc', KEPT_MAX);
      expect(await store.find('abc')).toEqual({ ...session, key: { name: 'pbx', scopes: ['calls'] } });
      await revoke();
      expect(await store.find('abc')).toBeUndefined();
    });

    it('does not find a session of a key that there is not', async () => {
      await store.create(aSession({ keyId: KEY }), 'abc', KEPT_MAX);
      expect(await store.find('abc')).toBeUndefined();
    });

    it('remembers when a session was used last', async () => {
      await store.create(aSession(), 'abc', KEPT_MAX);
      await store.seen('abc', AT_MS + 5);
      await store.seen('unknown', AT_MS + 6);
      expect(await store.find('abc')).toEqual({ ...aSession({ seenAtMs: AT_MS + 5 }), key: null });
    });

    it('ends the one that is named, and a second time nothing', async () => {
      await store.create(aSession(), 'a', KEPT_MAX);
      await store.create(aSession(), 'b', KEPT_MAX);
      await store.end('a');
      await store.end('a');
      expect(await left('a', 'b')).toEqual(['b']);
    });

    it('ends those of the password but one, and none of a key or of another project', async () => {
      await underTest.addKey(KEY, PROJECT);
      for (const hash of ['a', 'b']) await store.create(aSession(), hash, KEPT_MAX);
      await store.create(aSession({ keyId: KEY }), 'key', KEPT_MAX);
      await store.create(aSession({ projectId: OTHER_PROJECT }), 'other', KEPT_MAX);
      await store.endOfPassword(PROJECT, 'b');
      expect(await left('a', 'b', 'key', 'other')).toEqual(['b', 'key', 'other']);
      await store.endOfPassword(PROJECT, null);
      expect(await left('a', 'b', 'key', 'other')).toEqual(['key', 'other']);
    });

    it('keeps so many of one key, the newest ones', async () => {
      await underTest.addKey(KEY, PROJECT);
      await store.create(aSession({ createdAtMs: 1 }), 'password', 2);
      for (const n of [1, 2, 3]) await store.create(aSession({ keyId: KEY, createdAtMs: n }), `key ${n}`, 2);
      expect(await left('password', 'key 1', 'key 2', 'key 3')).toEqual(['password', 'key 2', 'key 3']);
      for (const n of [2, 3]) await store.create(aSession({ createdAtMs: n }), `password ${n}`, 2);
      expect(await left('password', 'password 2', 'password 3', 'key 2')).toEqual([
        'password 2',
        'password 3',
        'key 2',
      ]);
    });

    it('forgets what has expired and what was not seen for too long', async () => {
      await store.create(aSession({ expiresAtMs: AT_MS + 10 }), 'expired', KEPT_MAX);
      await store.create(aSession({ expiresAtMs: AT_MS + 11, seenAtMs: AT_MS + 4 }), 'idle', KEPT_MAX);
      await store.create(aSession({ expiresAtMs: AT_MS + 11, seenAtMs: AT_MS + 5 }), 'used', KEPT_MAX);
      await store.forget(AT_MS + 10, AT_MS + 5);
      expect(await left('expired', 'idle', 'used')).toEqual(['used']);
    });
  });
}

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiKeyRecord, ApiKeyStore, ProjectStore } from '../api-key-store.js';

export interface ApiKeyStoreUnderTest {
  readonly store: ApiKeyStore;
  close(): Promise<void>;
}

export interface ProjectStoreUnderTest {
  readonly store: ProjectStore;
  close(): Promise<void>;
}

const PROJECT = '18446744073709551615';
const OTHER_PROJECT = '7';

let keys = 0;

function aKey(changes: Partial<ApiKeyRecord> = {}): { key: ApiKeyRecord; hash: string } {
  keys++;
  const key: ApiKeyRecord = {
    id: String(9_223_372_036_854_775_000n + BigInt(keys)),
    projectId: PROJECT,
    name: 'Front desk PBX',
    scopes: ['inbound', 'calls'],
    prefix: 'rpd-abcd',
    createdAtMs: 1_790_000_000_000 + keys,
    revokedAtMs: null,
    ...changes,
  };
  return { key, hash: createHash('sha256').update(`key ${keys}`).digest('hex') };
}

/** The promises of {@link ApiKeyStore}. `make` gives an empty one. */
export function apiKeyStoreConformance(name: string, make: () => Promise<ApiKeyStoreUnderTest>): void {
  describe(`${name} as an ApiKeyStore`, () => {
    let store: ApiKeyStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      const underTest = await make();
      store = underTest.store;
      close = () => underTest.close();
    });
    afterEach(() => close());

    async function created(changes: Partial<ApiKeyRecord> = {}) {
      const made = aKey(changes);
      await store.create(made.key, made.hash);
      return made;
    }

    it('finds a key by its hash and by nothing like it', async () => {
      const { key, hash } = await created();
      await created({ scopes: [] });
      expect(await store.findByHash(hash)).toEqual(key);
      for (const other of ['', hash.slice(1), hash.toUpperCase(), `${hash} `, '%']) {
        expect(await store.findByHash(other), other).toBeUndefined();
      }
    });

    it('does not find a revoked key', async () => {
      const { key, hash } = await created();
      const kept = await created();
      expect(await store.revoke(PROJECT, key.id, 5)).toBe(true);
      expect(await store.findByHash(hash)).toBeUndefined();
      expect(await store.findByHash(kept.hash)).toEqual(kept.key);
    });

    it('revokes once, keeps the first time, and only in the project of the key', async () => {
      const { key } = await created();
      expect(await store.revoke(OTHER_PROJECT, key.id, 4)).toBe(false);
      expect(await store.revoke(PROJECT, '1', 4)).toBe(false);
      const attempts = await Promise.all([5, 6, 7].map((atMs) => store.revoke(PROJECT, key.id, atMs)));
      expect(attempts.filter(Boolean)).toHaveLength(1);
      const [listed] = await store.list(PROJECT);
      expect(listed).toEqual({ ...key, revokedAtMs: 5 + attempts.indexOf(true) });
    });

    it('lists the keys of the project, newest first, revoked ones too', async () => {
      const [first, second] = [await created(), await created({ scopes: ['admin'] })];
      await created({ projectId: OTHER_PROJECT });
      await store.revoke(PROJECT, first.key.id, 5);
      expect(await store.list(PROJECT)).toEqual([second.key, { ...first.key, revokedAtMs: 5 }]);
      expect(await store.list('1')).toEqual([]);
    });

    it('refuses a second key of the same hash or id and keeps the first', async () => {
      const { key, hash } = await created();
      await expect(store.create(aKey().key, hash)).rejects.toMatchObject({ code: 'store_failed' });
      const again = aKey({ id: key.id });
      await expect(store.create(again.key, again.hash)).rejects.toMatchObject({ code: 'store_failed' });
      expect(await store.findByHash(hash)).toEqual(key);
      expect(await store.list(PROJECT)).toEqual([key]);
    });
  });
}

/** The promises of {@link ProjectStore}. `make` gives an empty one. */
export function projectStoreConformance(name: string, make: () => Promise<ProjectStoreUnderTest>): void {
  describe(`${name} as a ProjectStore`, () => {
    let store: ProjectStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      const underTest = await make();
      store = underTest.store;
      close = () => underTest.close();
    });
    afterEach(() => close());

    it('makes a project where there is none and finds it from then on', async () => {
      const id = '18446744073709551615';
      expect(await store.ensureDefault({ id, name: 'Default', createdAtMs: 5 })).toEqual({ id, created: true });
      const later = await store.ensureDefault({ id: '1', name: 'Other', createdAtMs: 1 });
      expect(later).toEqual({ id, created: false });
    });

    it('finds the project where there is one, and makes none', async () => {
      expect(await store.findDefault()).toBeUndefined();
      const { id } = await store.ensureDefault({ id: '5', name: 'Default', createdAtMs: 5 });
      expect(await store.findDefault()).toBe(id);
    });

    it('makes one project however many ask at once, and tells one of them', async () => {
      const asking = Array.from({ length: 20 }, (_, n) =>
        store.ensureDefault({ id: String(n + 1), name: 'Default', createdAtMs: 100 - n }),
      );
      const answers = await Promise.all(asking);
      expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
      expect(answers.filter((answer) => answer.created)).toHaveLength(1);
    });
  });
}

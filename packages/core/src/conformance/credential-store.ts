import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AssistantStore } from '../assistant-store.js';
import type { CredentialPatch, CredentialRecord, CredentialStore } from '../credential-store.js';
import { type CredentialStoreTest, describeUse } from './credential-store-use.js';

export interface CredentialStoreUnderTest {
  readonly store: CredentialStore;
  /** Over the same database: who uses a credential. */
  readonly assistants: AssistantStore;
  close(): Promise<void>;
}

const PROJECT = '18446744073709551615';
const OTHER_PROJECT = '7';

let credentials = 0;

function aCredential(changes: Partial<CredentialRecord> = {}): CredentialRecord {
  credentials++;
  return {
    id: String(9_223_372_036_854_775_000n + BigInt(credentials)),
    projectId: PROJECT,
    name: `Trunk “${credentials}” 👋`,
    provider: 'asterisk',
    fields: ['ari_url', 'ari_user', 'ari_password'],
    sealed: `v1.key.${credentials}`,
    callsPerSecond: 5,
    createdAtMs: 1_790_000_000_000 + credentials,
    updatedAtMs: 1_790_000_000_000.5 + credentials,
    lastUsedAtMs: 1_790_000_001_000,
    ...changes,
  };
}

/** The promises of {@link CredentialStore}. `make` gives an empty one. */
export function credentialStoreConformance(name: string, make: () => Promise<CredentialStoreUnderTest>): void {
  describe(`${name} as a CredentialStore`, () => {
    let underTest: CredentialStoreUnderTest;
    let store: CredentialStore;
    beforeEach(async () => {
      underTest = await make();
      store = underTest.store;
    });
    afterEach(() => underTest.close());

    async function created(changes: Partial<CredentialRecord> = {}): Promise<CredentialRecord> {
      const credential = aCredential(changes);
      await store.create(credential);
      return credential;
    }
    const test: CredentialStoreTest = {
      get store() {
        return store;
      },
      get assistants() {
        return underTest.assistants;
      },
      created,
    };

    it('returns what was stored, field for field, to its own project only', async () => {
      const credential = await created();
      const bare = await created({ provider: 'openai-compatible', fields: [], sealed: '', lastUsedAtMs: null });
      expect(await store.get(PROJECT, credential.id)).toEqual(credential);
      expect(await store.get(PROJECT, bare.id)).toEqual(bare);
      expect(await store.get(OTHER_PROJECT, credential.id)).toBeUndefined();
    });

    it('has nothing for an unknown id or text that is no id', async () => {
      await created({ id: '7' });
      for (const id of ['8', '', '07', 'seven', '00000000000000000007']) {
        expect(await store.get(PROJECT, id), id).toBeUndefined();
      }
    });

    it('refuses a second credential of one id, and what is no id', async () => {
      const first = await created();
      await expect(store.create(aCredential({ id: first.id }))).rejects.toMatchObject({ code: 'store_failed' });
      await expect(store.create(aCredential({ id: 'seven' }))).rejects.toMatchObject({ code: 'store_failed' });
      expect(await store.get(PROJECT, first.id)).toEqual(first);
    });

    it('refuses a second credential of one name in a project, not in another', async () => {
      const first = await created({ name: 'Office' });
      const second = aCredential({ name: 'Office' });
      await expect(store.create(second)).rejects.toMatchObject({ code: 'credential_name_taken' });
      expect(await store.get(PROJECT, second.id)).toBeUndefined();
      expect(await store.get(PROJECT, first.id)).toEqual(first);
      await created({ name: 'Office', projectId: OTHER_PROJECT });
      await created({ name: 'office' });
    });

    it('lets one of many at once have a name', async () => {
      const creating = Array.from({ length: 20 }, () => store.create(aCredential({ name: 'Office' })));
      const outcomes = await Promise.allSettled(creating);
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      expect((await store.list(PROJECT, 10, null)).data).toHaveLength(1);
    });

    const patch: Required<CredentialPatch> = { name: 'Renamed', fields: ['trunk'], sealed: 'v1.b', callsPerSecond: 7 };

    it.each(Object.entries(patch))('saves %s, the time of it, and nothing else', async (field, value) => {
      const [credential, bystander] = [await created(), await created()];
      const saved = { ...credential, [field]: value, updatedAtMs: 9 };
      expect(await store.save(PROJECT, credential.id, { [field]: value }, 9)).toEqual(saved);
      expect(await store.get(PROJECT, credential.id)).toEqual(saved);
      expect(await store.get(PROJECT, bystander.id)).toEqual(bystander);
    });

    it('saves everything at once, and a patch that names nothing', async () => {
      const credential = await created();
      expect(await store.save(PROJECT, credential.id, patch, 8)).toEqual({ ...credential, ...patch, updatedAtMs: 8 });
      expect(await store.save(PROJECT, credential.id, {}, 9)).toEqual({ ...credential, ...patch, updatedAtMs: 9 });
    });

    it('refuses to rename a credential to the name of another and changes nothing then', async () => {
      const [first, second] = [await created(), await created()];
      const saving = store.save(PROJECT, second.id, { name: first.name, sealed: 'v1.b' }, 9);
      await expect(saving).rejects.toMatchObject({ code: 'credential_name_taken' });
      expect(await store.get(PROJECT, second.id)).toEqual(second);
      expect((await store.save(PROJECT, second.id, { name: second.name }, 9))?.name).toBe(second.name);
    });

    it('frees a name by renaming and by removing', async () => {
      const first = await created({ name: 'One' });
      await store.save(PROJECT, first.id, { name: 'Two' }, 9);
      const second = await created({ name: 'One' });
      await store.remove(PROJECT, second.id);
      await created({ name: 'One' });
    });

    it('saves and removes nothing for an unknown credential or one of another project', async () => {
      const credential = await created();
      for (const [project, id] of [[OTHER_PROJECT, credential.id] as const, [PROJECT, '1'] as const]) {
        expect(await store.save(project, id, { sealed: 'v1.b' }, 9)).toBeUndefined();
        expect(await store.remove(project, id)).toBe(false);
      }
      expect(await store.get(PROJECT, credential.id)).toEqual(credential);
    });

    it('removes a credential once', async () => {
      const [first, second] = [await created(), await created()];
      expect(await store.remove(PROJECT, first.id)).toBe(true);
      expect(await store.remove(PROJECT, first.id)).toBe(false);
      expect(await store.get(PROJECT, first.id)).toBeUndefined();
      expect(await store.get(PROJECT, second.id)).toEqual(second);
    });

    it.each([1, 2, 3, 6, 7])('walks over every credential of the project, newest first, by %i', async (limit) => {
      const made: CredentialRecord[] = [];
      for (const createdAtMs of [3, 1, 3, 2, 1, 3]) made.push(await created({ createdAtMs }));
      await created({ projectId: OTHER_PROJECT });
      const found: CredentialRecord[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<CredentialStore['list']>> = await store.list(PROJECT, limit, cursor);
        expect(page.data.length).toBeLessThanOrEqual(limit);
        found.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < 10);
      expect(found).toEqual([5, 2, 0, 3, 4, 1].map((n) => made[n]));
    });

    it('refuses a cursor it did not make', async () => {
      for (const cursor of ['', 'x', 'A'.repeat(10_000)]) {
        await expect(store.list(PROJECT, 1, cursor)).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });

    describeUse(test);
  });
}

import { describe, expect, it } from 'vitest';
import { assistantConfigSchema } from '../assistant/index.js';
import {
  ASSISTANT_VERSIONS_MAX,
  type AssistantRecord,
  type AssistantStore,
  type AssistantVersion,
} from '../assistant-store.js';

/** What each test of the suite works on. */
export interface AssistantStoreTest {
  readonly store: AssistantStore;
  created(changes?: Partial<AssistantRecord>): Promise<AssistantRecord>;
}

const PROJECT = '18446744073709551615';
const OTHER_PROJECT = '7';

const saying = (name: string, greeting: string) => assistantConfigSchema.parse({ name, greeting });

/** What {@link AssistantStore} promises about versions. */
export function describeVersions(test: AssistantStoreTest): void {
  /** All there are, by way of pages of that size. */
  async function walked(id: string, limit: number): Promise<AssistantVersion[]> {
    const found: AssistantVersion[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<AssistantStore['versions']>> = await test.store.versions(
        PROJECT,
        id,
        limit,
        cursor,
      );
      found.push(...(page?.data ?? []));
      cursor = page?.nextCursor ?? null;
    } while (cursor !== null);
    return found;
  }
  const numbers = async (id: string) => (await walked(id, 200)).map(({ version }) => version);

  describe('versions', () => {
    it('has what was created as the first one', async () => {
      const { id, config, createdAtMs } = await test.created();
      expect(await test.store.versions(PROJECT, id, 10, null)).toEqual({
        data: [{ version: 1, config, savedAtMs: createdAtMs }],
        nextCursor: null,
      });
    });

    it('keeps every configuration as it was saved, newest first, in pages of any size', async () => {
      const { id, config } = await test.created();
      for (let n = 2; n <= 5; n++) await test.store.saveConfig(PROJECT, id, saying(config.name, `Hello ${n}`), n);
      for (const limit of [1, 2, 3, 200]) {
        expect(await walked(id, limit)).toEqual([
          ...[5, 4, 3, 2].map((n) => ({ version: n, config: saying(config.name, `Hello ${n}`), savedAtMs: n })),
          expect.objectContaining({ version: 1, config }),
        ]);
      }
    });

    it('saves one without making it live, under the next number', async () => {
      const assistant = await test.created();
      const { id } = assistant;
      const draft = saying('Another name', 'Draft');
      expect(await test.store.addVersion(PROJECT, id, draft, 5)).toEqual({ version: 2, config: draft, savedAtMs: 5 });
      expect(await test.store.get(PROJECT, id)).toEqual(assistant);
      expect((await test.store.saveConfig(PROJECT, id, assistant.config, 6))?.version).toBe(3);
      expect(await numbers(id)).toEqual([3, 2, 1]);
    });

    it('shows the assistant as it is with any of them', async () => {
      const assistant = await test.created();
      const draft = saying(assistant.config.name, 'Draft');
      await test.store.addVersion(PROJECT, assistant.id, draft, 5);
      expect(await test.store.getVersion(PROJECT, assistant.id, 1)).toEqual(assistant);
      expect(await test.store.getVersion(PROJECT, assistant.id, 2)).toEqual({
        ...assistant,
        version: 2,
        config: draft,
      });
      for (const none of [0, -1, 3, 1.5, 2 ** 31, -(2 ** 40), 1e300, Number.NaN]) {
        expect(await test.store.getVersion(PROJECT, assistant.id, none), String(none)).toBeUndefined();
      }
    });

    it('makes one live, an older one as well, and goes on counting from the newest', async () => {
      const assistant = await test.created();
      const { id, config } = assistant;
      const second = saying(config.name, 'Second');
      await test.store.saveConfig(PROJECT, id, second, 5);
      const back = { ...assistant, updatedAtMs: 6 };
      expect(await test.store.publish(PROJECT, id, 1, 6)).toEqual(back);
      expect(await test.store.get(PROJECT, id)).toEqual(back);
      expect(await test.store.publish(PROJECT, id, 2, 7)).toMatchObject({ version: 2, config: second, updatedAtMs: 7 });
      expect((await test.store.saveConfig(PROJECT, id, config, 8))?.version).toBe(3);
      expect(await numbers(id)).toEqual([3, 2, 1]);
    });

    it('publishes nothing that there is not, and changes nothing then', async () => {
      const assistant = await test.created();
      for (const [project, id, version] of [
        [PROJECT, assistant.id, 2] as const,
        [PROJECT, '1', 1] as const,
        [OTHER_PROJECT, assistant.id, 1] as const,
      ]) {
        expect(await test.store.publish(project, id, version, 9)).toBeUndefined();
      }
      expect(await test.store.get(PROJECT, assistant.id)).toEqual(assistant);
    });

    it('gives an assistant the name of the version that is live, and refuses one that another has', async () => {
      const [first, second] = [await test.created(), await test.created()];
      await test.store.addVersion(PROJECT, second.id, saying(first.config.name, ''), 5);
      await expect(test.store.publish(PROJECT, second.id, 2, 6)).rejects.toMatchObject({
        code: 'assistant_name_taken',
      });
      expect(await test.store.get(PROJECT, second.id)).toEqual(second);
      await test.store.remove(PROJECT, first.id);
      await test.store.publish(PROJECT, second.id, 2, 7);
      await test.created({ config: second.config });
    });

    it('numbers each of many saves at once once, and keeps all of them', async () => {
      const { id, config } = await test.created();
      const saving = Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0 ? test.store.saveConfig(PROJECT, id, config, n) : test.store.addVersion(PROJECT, id, config, n),
      );
      const made = (await Promise.all(saving)).map((saved) => saved?.version);
      expect(made.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
      expect(await numbers(id)).toEqual(Array.from({ length: 21 }, (_, n) => 21 - n));
    });

    it('forgets the oldest of more than a thousand, never the live one', { timeout: 60_000 }, async () => {
      const assistant = await test.created();
      const { id, config } = assistant;
      for (let n = 2; n <= ASSISTANT_VERSIONS_MAX + 3; n++) await test.store.addVersion(PROJECT, id, config, n);
      const newest = Array.from({ length: ASSISTANT_VERSIONS_MAX }, (_, n) => ASSISTANT_VERSIONS_MAX + 3 - n);
      expect(await numbers(id)).toEqual([...newest, 1]);
      expect(await test.store.getVersion(PROJECT, id, 2)).toBeUndefined();
      await test.store.publish(PROJECT, id, ASSISTANT_VERSIONS_MAX, 5_000);
      await test.store.addVersion(PROJECT, id, config, 5_001);
      expect(await test.store.getVersion(PROJECT, id, 1)).toBeUndefined();
    });

    it('has none for an unknown assistant, one of another project, or one that was removed', async () => {
      const { id, config } = await test.created();
      for (const [project, unknown] of [[PROJECT, '1'] as const, [OTHER_PROJECT, id] as const]) {
        expect(await test.store.versions(project, unknown, 10, null)).toBeUndefined();
        expect(await test.store.getVersion(project, unknown, 1)).toBeUndefined();
        expect(await test.store.addVersion(project, unknown, config, 5)).toBeUndefined();
      }
      await test.store.remove(PROJECT, id);
      expect(await test.store.getVersion(PROJECT, id, 1)).toBeUndefined();
      await test.created({ id });
      expect(await numbers(id)).toEqual([1]);
    });

    it('refuses a cursor it did not make', async () => {
      const { id } = await test.created();
      for (const cursor of ['', 'x', '5', 'v0', 'v-1', `v${'1'.repeat(20)}`]) {
        const listing = test.store.versions(PROJECT, id, 1, cursor);
        await expect(listing, cursor).rejects.toMatchObject({ code: 'invalid_request' });
      }
      expect((await test.store.versions(PROJECT, id, 1, 'v9999999999'))?.data).toHaveLength(1);
    });
  });
}

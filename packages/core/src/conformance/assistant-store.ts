import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assistantConfigSchema } from '../assistant/index.js';
import type { AssistantRecord, AssistantStore } from '../assistant-store.js';
import { phoneDeploymentSchema } from '../phone-deployment.js';
import { describeVersions } from './assistant-store-versions.js';

export interface AssistantStoreUnderTest {
  readonly store: AssistantStore;
  close(): Promise<void>;
}

const PROJECT = '18446744073709551615';
const OTHER_PROJECT = '7';

let assistants = 0;

function anAssistant(changes: Partial<AssistantRecord> = {}): AssistantRecord {
  assistants++;
  return {
    id: String(9_223_372_036_854_775_000n + BigInt(assistants)),
    projectId: PROJECT,
    version: 1,
    config: assistantConfigSchema.parse({
      name: `Assistant ${assistants}`,
      greeting: "It's “six” o'clock 👋",
      variables: { company: 'Acme' },
      dialogue: { intents: [{ name: 'bye', phrases: ['good bye'], reply: 'Bye', action: { type: 'end_call' } }] },
    }),
    deployment: phoneDeploymentSchema.parse({ transferTargets: ['sales,100,1'] }),
    createdAtMs: 1_790_000_000_000 + assistants,
    updatedAtMs: 1_790_000_000_000 + assistants,
    ...changes,
  };
}

const deploymentOf = (credentialId: string | null, enabled = true) =>
  phoneDeploymentSchema.parse({ credentialId, enabled });
const configNamed = (name: string) => assistantConfigSchema.parse({ name });

/** The promises of {@link AssistantStore}. `make` gives an empty one. */
export function assistantStoreConformance(name: string, make: () => Promise<AssistantStoreUnderTest>): void {
  describe(`${name} as an AssistantStore`, () => {
    let store: AssistantStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      const underTest = await make();
      store = underTest.store;
      close = () => underTest.close();
    });
    afterEach(() => close());

    async function created(changes: Partial<AssistantRecord> = {}): Promise<AssistantRecord> {
      const assistant = anAssistant(changes);
      await store.create(assistant);
      return assistant;
    }

    describeVersions({
      get store() {
        return store;
      },
      created,
    });

    it('returns what was stored, field for field, to its own project only', async () => {
      const assistant = await created();
      expect(await store.get(PROJECT, assistant.id)).toEqual(assistant);
      expect(await store.get(OTHER_PROJECT, assistant.id)).toBeUndefined();
    });

    it('has nothing for an unknown id or text that is no id', async () => {
      await created({ id: '7' });
      for (const id of ['8', '', '07', 'seven', '00000000000000000007']) {
        expect(await store.get(PROJECT, id), id).toBeUndefined();
      }
    });

    it('refuses a second assistant of one name in a project, not in another', async () => {
      const config = configNamed('Front desk');
      const first = await created({ config });
      const second = anAssistant({ config });
      await expect(store.create(second)).rejects.toMatchObject({ code: 'assistant_name_taken' });
      expect(await store.get(PROJECT, second.id)).toBeUndefined();
      expect(await store.get(PROJECT, first.id)).toEqual(first);
      await created({ config, projectId: OTHER_PROJECT });
    });

    it('lets one of many at once have a name', async () => {
      const config = configNamed('Front desk');
      const creating = Array.from({ length: 20 }, () => store.create(anAssistant({ config })));
      const outcomes = await Promise.allSettled(creating);
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      expect((await store.list(PROJECT, 10, null)).data).toHaveLength(1);
    });

    it('refuses a second assistant of one id', async () => {
      const first = await created();
      await expect(store.create(anAssistant({ id: first.id }))).rejects.toMatchObject({ code: 'store_failed' });
      expect(await store.get(PROJECT, first.id)).toEqual(first);
    });

    it('saves a configuration and adds one to the version', async () => {
      const assistant = await created();
      const config = configNamed('Renamed');
      const saved = { ...assistant, config, version: 2, updatedAtMs: 5 };
      expect(await store.saveConfig(PROJECT, assistant.id, config, 5)).toEqual(saved);
      expect(await store.get(PROJECT, assistant.id)).toEqual(saved);
      expect((await store.saveConfig(PROJECT, assistant.id, config, 6))?.version).toBe(3);
    });

    it('counts every one of many saves at once', async () => {
      const { id } = await created();
      const saving = Array.from({ length: 20 }, (_, n) => store.saveConfig(PROJECT, id, configNamed(`n${n}`), n));
      const versions = (await Promise.all(saving)).map((saved) => saved?.version ?? 0);
      expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
    });

    it('refuses to rename an assistant to the name of another and changes nothing then', async () => {
      const [first, second] = [await created(), await created()];
      const saving = store.saveConfig(PROJECT, second.id, configNamed(first.config.name), 5);
      await expect(saving).rejects.toMatchObject({ code: 'assistant_name_taken' });
      expect(await store.get(PROJECT, second.id)).toEqual(second);
    });

    it('frees a name by renaming and by removing', async () => {
      const first = await created({ config: configNamed('One') });
      await store.saveConfig(PROJECT, first.id, configNamed('Two'), 5);
      const second = await created({ config: configNamed('One') });
      await store.remove(PROJECT, second.id);
      await created({ config: configNamed('One') });
    });

    it('saves a deployment, which leaves configuration and version alone', async () => {
      const assistant = await created();
      const deployment = phoneDeploymentSchema.parse({ enabled: false });
      const saved = { ...assistant, deployment, updatedAtMs: 9 };
      expect(await store.saveDeployment(PROJECT, assistant.id, deployment, 9)).toEqual(saved);
      expect(await store.get(PROJECT, assistant.id)).toEqual(saved);
    });

    it('knows whose an assistant is, and none that is not there', async () => {
      const own = await created();
      const other = await created({ id: '18446744073709551615', projectId: OTHER_PROJECT });
      expect(await store.projectOf(own.id)).toBe(PROJECT);
      expect(await store.projectOf(other.id)).toBe(OTHER_PROJECT);
      for (const id of ['8', '', '07', 'seven']) expect(await store.projectOf(id)).toBeUndefined();
    });

    it('has the assistants of every project whose deployment is enabled and names a credential, by ascending id', async () => {
      const deployment = deploymentOf('18446744073709551615');
      const made = [];
      for (const id of ['10', '9', '18446744073709551615', '9223372036854775808']) {
        made.push(await created({ id, deployment, projectId: id === '9' ? OTHER_PROJECT : PROJECT }));
      }
      await created({ deployment: deploymentOf('5', false) });
      await created({ deployment: deploymentOf(null) });
      await created({ config: assistantConfigSchema.parse({ name: 'x', llm: { credentialId: '5' } }) });
      expect(await store.deployed()).toEqual([made[1], made[0], made[3], made[2]]);
    });

    it('has an assistant among the deployed as long as its deployment says so', async () => {
      const { id } = await created();
      expect(await store.deployed()).toEqual([]);
      await store.saveDeployment(PROJECT, id, deploymentOf('5'), 5);
      expect(await store.deployed()).toEqual([await store.get(PROJECT, id)]);
      await store.saveDeployment(PROJECT, id, deploymentOf('5', false), 6);
      expect(await store.deployed()).toEqual([]);
      await store.saveDeployment(PROJECT, id, deploymentOf('5'), 7);
      await store.remove(PROJECT, id);
      expect(await store.deployed()).toEqual([]);
    });

    it('has at most 1000 deployed, the oldest, and finds them behind any number that are not', async () => {
      for (let n = 0; n < 250; n++) await created({ id: String(1_000 + n), deployment: deploymentOf('5', false) });
      for (let n = 0; n < 1_001; n++) await created({ id: String(2_000 + n), deployment: deploymentOf('5') });
      const wanted = Array.from({ length: 1_000 }, (_, n) => String(2_000 + n));
      expect((await store.deployed()).map(({ id }) => id)).toEqual(wanted);
    });

    it('saves and removes nothing for an unknown assistant or one of another project', async () => {
      const assistant = await created();
      const { config, deployment } = anAssistant();
      for (const [project, id] of [[OTHER_PROJECT, assistant.id] as const, [PROJECT, '1'] as const]) {
        expect(await store.saveConfig(project, id, config, 5)).toBeUndefined();
        expect(await store.saveDeployment(project, id, deployment, 5)).toBeUndefined();
        expect(await store.remove(project, id)).toBe(false);
      }
      expect(await store.get(PROJECT, assistant.id)).toEqual(assistant);
    });

    it('removes an assistant once', async () => {
      const [first, second] = [await created(), await created()];
      expect(await store.remove(PROJECT, first.id)).toBe(true);
      expect(await store.remove(PROJECT, first.id)).toBe(false);
      expect(await store.get(PROJECT, first.id)).toBeUndefined();
      expect((await store.list(PROJECT, 10, null)).data).toEqual([second]);
    });

    it('walks over every assistant of the project exactly once, newest first, for any page size', async () => {
      let project = 100;
      const times = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(times, fc.integer({ min: 1, max: 9 }), async (createdAtMs, limit) => {
          const projectId = String(++project);
          const made = [];
          for (const atMs of createdAtMs) made.push(await created({ projectId, createdAtMs: atMs }));
          const wanted = made
            .map((assistant, order) => ({ assistant, order }))
            .sort((a, b) => b.assistant.createdAtMs - a.assistant.createdAtMs || b.order - a.order);
          const found: AssistantRecord[] = [];
          let cursor: string | null = null;
          do {
            const page: Awaited<ReturnType<AssistantStore['list']>> = await store.list(projectId, limit, cursor);
            expect(page.data.length).toBeLessThanOrEqual(limit);
            found.push(...page.data);
            cursor = page.nextCursor;
          } while (cursor !== null && found.length <= made.length);
          expect(found).toEqual(wanted.map(({ assistant }) => assistant));
        }),
        { numRuns: 25 },
      );
    });

    it('refuses a cursor it did not make', async () => {
      for (const cursor of ['', 'x', 'A'.repeat(10_000)]) {
        await expect(store.list(PROJECT, 1, cursor)).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });
  });
}

import { describe, expect, it } from 'vitest';
import { type AssistantConfigInput, assistantConfigSchema } from '../assistant/index.js';
import type { AssistantRecord, AssistantStore } from '../assistant-store.js';
import type { CredentialRecord, CredentialStore } from '../credential-store.js';
import { phoneDeploymentSchema } from '../phone-deployment.js';

/** What each test of the suite works on. */
export interface CredentialStoreTest {
  readonly store: CredentialStore;
  readonly assistants: AssistantStore;
  /** Stores a credential that has everything and returns it. */
  created(changes?: Partial<CredentialRecord>): Promise<CredentialRecord>;
}

const PROJECT = '18446744073709551615';
const OTHER_PROJECT = '7';

const deploymentWith = (credentialId: string | null, enabled = true) =>
  phoneDeploymentSchema.parse({ credentialId, enabled });

/** What {@link CredentialStore} promises about the use of credentials, and about sealing them anew. */
export function describeUse(test: CredentialStoreTest): void {
  let assistants = 0;
  async function assistant(
    config: AssistantConfigInput,
    deployment = deploymentWith(null),
    projectId = PROJECT,
  ): Promise<AssistantRecord> {
    assistants++;
    const times = { createdAtMs: assistants, updatedAtMs: assistants };
    const id = String(1_000_000 + assistants);
    const made = { id, projectId, version: 1, config: assistantConfigSchema.parse(config), deployment, ...times };
    await test.assistants.create(made);
    return made;
  }

  describe('users', () => {
    it('are the assistants of the project that name it, wherever, the oldest first', async () => {
      const [used, unused] = [await test.created(), await test.created()];
      const first = await assistant({ name: 'By telephone' }, deploymentWith(used.id));
      const second = await assistant({ name: 'By its model', llm: { credentialId: used.id } }, deploymentWith(used.id));
      await assistant({ name: 'Elsewhere' }, deploymentWith(used.id), OTHER_PROJECT);
      await assistant({ name: 'Not at all', instructions: used.id });
      expect(await test.store.users(PROJECT, used.id)).toEqual([
        { assistantId: first.id, name: 'By telephone' },
        { assistantId: second.id, name: 'By its model' },
      ]);
      expect(await test.store.users(PROJECT, unused.id)).toEqual([]);
    });
  });

  describe('remove, of a credential in use', () => {
    it.each([
      ['a phone deployment', (id: string) => assistant({ name: 'Front desk' }, deploymentWith(id))],
      [
        'a deployment that is switched off',
        (id: string) => assistant({ name: 'Front desk' }, deploymentWith(id, false)),
      ],
      ['the recogniser', (id: string) => assistant({ name: 'Front desk', stt: { credentialId: id } })],
      ['the model', (id: string) => assistant({ name: 'Front desk', llm: { credentialId: id } })],
      ['the voice', (id: string) => assistant({ name: 'Front desk', tts: { credentialId: id } })],
    ])('refuses while %s names it, and removes it afterwards', async (_where, use) => {
      const credential = await test.created();
      const user = await use(credential.id);
      await expect(test.store.remove(PROJECT, credential.id)).rejects.toMatchObject({
        code: 'credential_in_use',
        message: 'in use by: "Front desk"',
      });
      expect(await test.store.get(PROJECT, credential.id)).toEqual(credential);
      await test.assistants.saveDeployment(PROJECT, user.id, deploymentWith(null), 5);
      await test.assistants.saveConfig(PROJECT, user.id, assistantConfigSchema.parse({ name: 'Front desk' }), 5);
      expect(await test.store.remove(PROJECT, credential.id)).toBe(true);
    });

    it('names each assistant once, the oldest first', async () => {
      const { id } = await test.created();
      await assistant({ name: 'Sales', stt: { credentialId: id }, llm: { credentialId: id } }, deploymentWith(id));
      await assistant({ name: 'Nobody' });
      await assistant({ name: 'Front “desk”', tts: { credentialId: id } });
      await expect(test.store.remove(PROJECT, id)).rejects.toThrow(/^in use by: "Sales", "Front “desk”"$/);
    });

    it.each([
      [10, ''],
      [11, ' and 1 more'],
      [13, ' and 3 more'],
    ])('names ten of %i assistants', async (count, rest) => {
      const { id } = await test.created();
      for (let n = 1; n <= count; n++) await assistant({ name: `a${n}` }, deploymentWith(id));
      const named = Array.from({ length: 10 }, (_, n) => `"a${n + 1}"`).join(', ');
      const removing = test.store.remove(PROJECT, id);
      await expect(removing).rejects.toMatchObject({ message: `in use by: ${named}${rest}` });
    });

    it('is not kept from it by another project, another id that looks like it, or text that mentions it', async () => {
      const { id } = await test.created({ id: '12' });
      const mention = '"credentialId":"12"';
      const variables = { credentialid: '12' };
      await assistant({ name: mention, instructions: mention, variables, llm: { credentialId: '112' } });
      await assistant({ name: 'One more digit', stt: { credentialId: '120' } }, deploymentWith('1'));
      await assistant({ name: 'Elsewhere' }, deploymentWith(id), OTHER_PROJECT);
      expect(await test.store.remove(PROJECT, id)).toBe(true);
    });
  });

  describe('used', () => {
    it('notes the latest use and never goes back', async () => {
      const credential = await test.created({ lastUsedAtMs: null });
      const bystander = await test.created();
      for (const [atMs, lastUsedAtMs] of [[20, 20] as const, [10, 20] as const, [20.5, 20.5] as const]) {
        await test.store.used(credential.id, atMs);
        expect(await test.store.get(PROJECT, credential.id)).toEqual({ ...credential, lastUsedAtMs });
      }
      expect(await test.store.get(PROJECT, bystander.id)).toEqual(bystander);
    });

    it('ignores an id that nothing has', async () => {
      const credential = await test.created();
      for (const id of ['1', '', 'seven']) await test.store.used(id, 1e15);
      expect(await test.store.get(PROJECT, credential.id)).toEqual(credential);
    });
  });

  describe('after', () => {
    it('goes through the credentials of all projects by ascending id, as numbers', async () => {
      const made = new Map<string, CredentialRecord>();
      for (const id of ['10', '0', '9', '18446744073709551615', '9223372036854775808']) {
        made.set(id, await test.created({ id, projectId: id === '9' ? OTHER_PROJECT : PROJECT }));
      }
      const order = ['0', '9', '10', '9223372036854775808', '18446744073709551615'];
      expect(await test.store.after(null, 10)).toEqual(order.map((id) => made.get(id)));
      const walked = [];
      let last: string | null = null;
      do {
        const page: readonly CredentialRecord[] = await test.store.after(last, 2);
        walked.push(page.map(({ id }) => id));
        last = page.at(-1)?.id ?? null;
      } while (last !== null && walked.length < 10);
      expect(walked).toEqual([order.slice(0, 2), order.slice(2, 4), order.slice(4), []]);
      expect((await test.store.after('11', 1)).map(({ id }) => id)).toEqual(['9223372036854775808']);
    });

    it('gives at most 200', async () => {
      for (let n = 0; n < 201; n++) await test.created();
      expect(await test.store.after(null, 200)).toHaveLength(200);
      expect(await test.store.after(null, 201)).toHaveLength(200);
    });
  });

  describe('reseal', () => {
    it('replaces the value it was given and nothing else', async () => {
      const credential = await test.created({ sealed: 'v1.a' });
      const bystander = await test.created({ sealed: 'v1.a' });
      expect(await test.store.reseal(credential.id, 'v1.a', 'v1.b')).toBe(true);
      expect(await test.store.get(PROJECT, credential.id)).toEqual({ ...credential, sealed: 'v1.b' });
      expect(await test.store.get(PROJECT, bystander.id)).toEqual(bystander);
    });

    it('leaves a value alone that is another by now, and is false for an id that nothing has', async () => {
      const credential = await test.created({ sealed: 'v1.a' });
      await test.store.save(PROJECT, credential.id, { sealed: 'v1.saved' }, 5);
      for (const from of ['v1.a', '', 'V1.SAVED', 'v1.saved ']) {
        expect(await test.store.reseal(credential.id, from, 'v1.b'), from).toBe(false);
      }
      expect((await test.store.get(PROJECT, credential.id))?.sealed).toBe('v1.saved');
      expect(await test.store.reseal('1', 'v1.saved', 'v1.b')).toBe(false);
    });

    it('lets one of many at once win, whose value is the one stored', async () => {
      const { id } = await test.created({ sealed: 'v1.a' });
      const attempts = Array.from({ length: 20 }, (_, n) => test.store.reseal(id, 'v1.a', `v1.${n}`));
      const won = (await Promise.all(attempts)).flatMap((done, n) => (done ? [n] : []));
      expect(won).toHaveLength(1);
      expect((await test.store.get(PROJECT, id))?.sealed).toBe(`v1.${won[0]}`);
    });
  });
}

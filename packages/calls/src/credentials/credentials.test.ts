import {
  assistantConfigSchema,
  type CredentialProvider,
  type CredentialStore,
  phoneDeploymentSchema,
} from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CredentialSummary } from '../use-cases.js';
import type { AsteriskAccess } from './access.js';
import { ASTERISK, noChecks, OTHER_PROJECT, openStored, PROJECT, vaultKey } from './testing/stored.js';
import { createVault } from './vault.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });
const asterisk = { name: 'PBX', provider: 'asterisk' as const };

describe('credentials', () => {
  it('are kept sealed, and only the names of their fields are ever seen again', async () => {
    const { useCases, credentials, vault, clock } = await openStored();
    const made = await useCases.create(PROJECT, { ...asterisk, value: ASTERISK, callsPerSecond: 7 });
    const times = { createdAtMs: clock.wallMs(), updatedAtMs: clock.wallMs(), lastUsedAtMs: null };
    const fields = ['ari_url', 'ari_user', 'ari_password', 'trunk'];
    expect(made).toEqual<CredentialSummary>({ id: made.id, ...asterisk, fields, callsPerSecond: 7, ...times });
    expect(await useCases.get(PROJECT, made.id)).toEqual(made);
    expect(await useCases.list(PROJECT, 10, null)).toEqual({ data: [made], nextCursor: null });
    const stored = await credentials.get(PROJECT, made.id);
    expect(JSON.stringify(stored)).not.toContain('horse');
    const plain = vault.open(stored!.sealed, { projectId: PROJECT, credentialId: made.id });
    expect(JSON.parse(plain)).toEqual({ ...ASTERISK, endpoint_technology: 'PJSIP' });
  });

  it('change their name and rate without being sent anew, and their value when it is', async () => {
    const { useCases, credentials, clock } = await openStored();
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: ASTERISK, callsPerSecond: 7 });
    const before = await credentials.get(PROJECT, id);
    await clock.advance(1_000);
    const renamed = await useCases.save(PROJECT, id, { ...asterisk, name: ' Cellar ' });
    expect(renamed).toMatchObject({ name: 'Cellar', callsPerSecond: 5, fields: before!.fields });
    expect(renamed.updatedAtMs).toBe(renamed.createdAtMs + 1_000);
    expect((await credentials.get(PROJECT, id))?.sealed).toBe(before!.sealed);
    const changed = await useCases.save(PROJECT, id, { ...asterisk, value: { trunk: 'other' } });
    expect(changed.fields).toEqual(['trunk']);
    expect((await credentials.get(PROJECT, id))?.sealed).not.toBe(before!.sealed);
  });

  it('keep their provider and have a name of their own', async () => {
    const { useCases } = await openStored();
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: {} });
    const other = { name: 'PBX', provider: 'openai-compatible' as const, value: {} };
    await expect(useCases.save(PROJECT, id, other)).rejects.toEqual(refusal('credential_invalid'));
    await expect(useCases.save(PROJECT, id, other)).rejects.toThrow(/^provider: it stays asterisk/);
    await expect(useCases.create(PROJECT, other)).rejects.toEqual(refusal('credential_name_taken'));
  });

  it('of another project are not there', async () => {
    const { useCases } = await openStored();
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: ASTERISK });
    const missing = refusal('credential_not_found');
    await expect(useCases.get(OTHER_PROJECT, id)).rejects.toEqual(missing);
    await expect(useCases.save(OTHER_PROJECT, id, asterisk)).rejects.toEqual(missing);
    await expect(useCases.remove(OTHER_PROJECT, id)).rejects.toEqual(missing);
    await expect(useCases.check(OTHER_PROJECT, id)).rejects.toEqual(missing);
    expect((await useCases.list(OTHER_PROJECT, 10, null)).data).toEqual([]);
  });

  it('stay while an assistant names them', async () => {
    const { useCases, assistants } = await openStored();
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: ASTERISK });
    const config = assistantConfigSchema.parse({ name: 'Sales' });
    const [deployment, free] = [{ credentialId: id }, {}].map((given) => phoneDeploymentSchema.parse(given));
    const record = { id: '9', projectId: PROJECT, version: 1, config, createdAtMs: 0, updatedAtMs: 0 };
    await assistants.create({ ...record, deployment: deployment! });
    await expect(useCases.remove(PROJECT, id)).rejects.toEqual(refusal('credential_in_use'));
    await expect(useCases.remove(PROJECT, id)).rejects.toThrow(/Sales/);
    await assistants.saveDeployment(PROJECT, '9', free!, 1);
    await useCases.remove(PROJECT, id);
    await expect(useCases.get(PROJECT, id)).rejects.toEqual(refusal('credential_not_found'));
  });
});

describe('a credential that is refused', () => {
  const url = 'an http or https URL, as in http://127.0.0.1:8088';
  const together = 'ari_url, ari_user and ari_password belong together: give all three or none';
  const asteriskFields = 'ari_url, ari_user, ari_password, endpoint_technology, trunk';
  it.each<[CredentialProvider, unknown, string]>([
    ['asterisk', { ...ASTERISK, ari_url: 'ftp://secret' }, `value.ari_url: accepted is ${url}`],
    ['asterisk', { ...ASTERISK, ari_password: 5 }, 'value.ari_password: accepted is a text of 1 to 2000 characters'],
    ['asterisk', { ari_user: 'secret' }, `value.ari_url: ${together}; value.ari_password: ${together}`],
    ['asterisk', { ari_url: 'http://pbx:8088', ari_user: 'secret' }, `value.ari_password: ${together}`],
    ['asterisk', { trunk: 'a/secret' }, 'value.trunk: accepted is 1 to 80 letters, digits, _ . and -'],
    ['asterisk', { endpoint_technology: 'secret' }, 'value.endpoint_technology: accepted is PJSIP, SIP, IAX2 or DAHDI'],
    ['asterisk', { password: 'secret' }, `value: has a field that is not known; accepted are ${asteriskFields}`],
    ['asterisk', 'secret', `value: accepted is an object with the fields ${asteriskFields}`],
    ['asterisk', undefined, `value: accepted is an object with the fields ${asteriskFields}`],
    ['openai-compatible', { apiKey: '' }, 'value.apiKey: accepted is a key of 1 to 2000 characters'],
    ['openai-compatible', ['secret'], 'value: accepted is an object with the fields apiKey, baseUrl'],
  ])('%s %j is told the field and what is accepted', async (provider, value, message) => {
    const { useCases } = await openStored();
    const creating = useCases.create(PROJECT, { name: 'A', provider, value });
    await expect(creating).rejects.toEqual(expect.objectContaining({ code: 'credential_invalid', message }));
    expect((await useCases.list(PROJECT, 10, null)).data).toEqual([]);
  });

  it('is not told the names of unknown fields: one may hold the value', async () => {
    const { useCases } = await openStored();
    const error: Error = await useCases
      .create(PROJECT, { ...asterisk, value: { 'secret as a name': 1 } })
      .catch((thrown) => thrown);
    expect(error.message).not.toContain('secret');
  });

  it('never has its value in the error, whatever it is', async () => {
    const { useCases } = await openStored();
    const marked = fc.stringMatching(/^QZQZ[ -~]{0,20}$/);
    const wrong = fc.oneof(marked, fc.array(marked), fc.record({ inner: marked }));
    const field = fc.constantFrom('ari_url', 'ari_user', 'endpoint_technology', 'trunk', 'unknown');
    await fc.assert(
      fc.asyncProperty(fc.oneof(wrong, fc.dictionary(field, wrong, { minKeys: 1 })), async (value) => {
        const error: unknown = await useCases.create(PROJECT, { ...asterisk, value }).catch((thrown) => thrown);
        if (!(error instanceof Error)) return;
        expect(error).toEqual(refusal('credential_invalid'));
        expect(`${error.stack} ${String(error.cause)}`).not.toContain('QZQZ');
      }),
    );
  });

  it.each([
    [{ name: ' ' }, /^name: accepted are 1 to 100 characters$/],
    [{ name: 'x'.repeat(101) }, /^name: /],
    [{ callsPerSecond: 0 }, /^callsPerSecond: accepted is a number, 1 to 100$/],
    [{ callsPerSecond: 1.5 }, /^callsPerSecond: /],
    [{ callsPerSecond: 101 }, /^callsPerSecond: /],
  ])('has %j named', async (wrong, message) => {
    const { useCases } = await openStored();
    await expect(useCases.create(PROJECT, { ...asterisk, value: {}, ...wrong })).rejects.toThrow(message);
  });
});

describe('checking a credential', () => {
  it('asks with what is in it, its secrets hidden from logs', async () => {
    const { under } = await openStored();
    const asked: AsteriskAccess[] = [];
    const answer = { ok: true, code: null, message: 'Asterisk 22.10.1 answered' };
    const checks = {
      ...noChecks,
      asterisk: async (access: AsteriskAccess) => {
        asked.push(access);
        return answer;
      },
    };
    const useCases = under({ checks });
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: ASTERISK });
    expect(await useCases.check(PROJECT, id)).toEqual(answer);
    expect(asked).toMatchObject([{ ari_url: ASTERISK.ari_url, endpoint_technology: 'PJSIP', callsPerSecond: 5 }]);
    expect(asked[0]?.ari_password?.reveal()).toBe('correct horse');
    expect(JSON.stringify(asked)).not.toContain('horse');
  });

  it('that no key opens is a result: the other side was not asked', async () => {
    const { useCases, under } = await openStored();
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: ASTERISK });
    const result = await under({ vault: createVault([vaultKey(9)]) }).check(PROJECT, id);
    expect(result).toMatchObject({ ok: false, code: 'credential_unreadable' });
    expect(result.message).toContain('VAULT__KEY');
  });
});

describe('sealing credentials anew', () => {
  const rotated = () => createVault([vaultKey(2), vaultKey(1)]);

  it('takes all projects to the first key, page by page, and finds nothing to do the second time', async () => {
    const { useCases, under, credentials } = await openStored();
    for (let index = 0; index < 401; index++)
      await useCases.create(PROJECT, { ...asterisk, name: `${index}`, value: {} });
    const { id } = await useCases.create(OTHER_PROJECT, { ...asterisk, value: ASTERISK });
    const after = under({ vault: rotated() });
    await after.create(PROJECT, { ...asterisk, value: {} });
    expect(await after.reencrypt()).toEqual({ reencrypted: 402, current: 1, unreadable: 0 });
    expect(await after.reencrypt()).toEqual({ reencrypted: 0, current: 403, unreadable: 0 });
    const stored = await credentials.get(OTHER_PROJECT, id);
    const plain = createVault([vaultKey(2)]).open(stored!.sealed, { projectId: OTHER_PROJECT, credentialId: id });
    expect(JSON.parse(plain)).toMatchObject(ASTERISK);
  });

  it('counts and names by id what no key opens, and leaves it as it is', async () => {
    const { useCases, under, credentials, logged } = await openStored();
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: ASTERISK });
    const before = await credentials.get(PROJECT, id);
    const stranger = under({ vault: createVault([vaultKey(9)]) });
    expect(await stranger.reencrypt()).toEqual({ reencrypted: 0, current: 0, unreadable: 1 });
    expect(logged).toEqual([{ fields: { credentialId: id }, message: expect.stringContaining('cannot be read') }]);
    expect(await credentials.get(PROJECT, id)).toEqual(before);
  });

  it('twice at once seals each one once', async () => {
    const { useCases, under } = await openStored();
    for (let index = 0; index < 20; index++)
      await useCases.create(PROJECT, { ...asterisk, name: `${index}`, value: {} });
    const after = under({ vault: rotated() });
    const results = await Promise.all([after.reencrypt(), after.reencrypt()]);
    const sum = (count: 'reencrypted' | 'current') => results.reduce((total, result) => total + result[count], 0);
    expect([sum('reencrypted'), sum('current')]).toEqual([20, 20]);
  });

  /** The real store, with something that happens just before each value is replaced. */
  function interrupted(store: CredentialStore, happens: () => Promise<unknown>): CredentialStore {
    const { get, list, create, save, remove, users, used, after } = store;
    const reseal: CredentialStore['reseal'] = async (...args) => {
      await happens();
      return store.reseal(...args);
    };
    return { get, list, create, save, remove, users, used, after, reseal };
  }

  it('keeps what is saved meanwhile, and passes over what is removed', async () => {
    const { useCases, under, credentials } = await openStored();
    const [saved, removed] = [
      await useCases.create(PROJECT, { ...asterisk, name: 'saved', value: {} }),
      await useCases.create(PROJECT, { ...asterisk, name: 'removed', value: {} }),
    ];
    const current = under({ vault: rotated() });
    const happens = async () => {
      await current.save(PROJECT, saved.id, { ...asterisk, name: 'saved', value: { trunk: 'new' } });
      await credentials.remove(PROJECT, removed.id);
    };
    const meanwhile = under({ vault: rotated(), credentials: interrupted(credentials, happens) });
    expect(await meanwhile.reencrypt()).toEqual({ reencrypted: 0, current: 1, unreadable: 0 });
    expect(await current.get(PROJECT, saved.id)).toMatchObject({ fields: ['trunk'] });
  });

  it('gives up on one that does not stop changing', async () => {
    const { useCases, under, credentials } = await openStored();
    const { id } = await useCases.create(PROJECT, { ...asterisk, value: {} });
    let saves = 0;
    const happens = () => {
      saves++;
      return useCases.save(PROJECT, id, { ...asterisk, value: {} });
    };
    const meanwhile = under({ vault: rotated(), credentials: interrupted(credentials, happens) });
    await expect(meanwhile.reencrypt()).rejects.toEqual(refusal('store_failed'));
    expect(saves).toBe(5);
  });
});

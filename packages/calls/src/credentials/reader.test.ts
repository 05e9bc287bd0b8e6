import type { CredentialStore } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { createCredentialReader } from './reader.js';
import { ASTERISK, OTHER_PROJECT, openStored, PROJECT, vaultKey } from './testing/stored.js';
import { createVault } from './vault.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RapidaError', code });

async function openReader() {
  const stored = await openStored();
  const { useCases, credentials } = stored;
  const uses: string[] = [];
  let failure: Error | undefined;
  const counting: Pick<CredentialStore, 'get' | 'used'> = {
    get: credentials.get,
    async used(id, atMs) {
      uses.push(id);
      if (failure !== undefined) throw failure;
      await credentials.used(id, atMs);
    },
  };
  const pbx = await useCases.create(PROJECT, { name: 'PBX', provider: 'asterisk', value: ASTERISK, callsPerSecond: 9 });
  const openAi = { apiKey: 'sk-hidden', baseUrl: 'http://localhost:11434/v1' };
  const llm = await useCases.create(PROJECT, { name: 'LLM', provider: 'openai-compatible', value: openAi });
  return {
    ...stored,
    uses,
    pbx,
    llm,
    reader: createCredentialReader({ ...stored, credentials: counting }),
    small: createCredentialReader({ ...stored, credentials: counting, usesRememberedMax: 1 }),
    failWith: (error: Error) => {
      failure = error;
    },
  };
}

describe('reading a credential', () => {
  it('gives what was saved and the defaults, its password hidden', async () => {
    const { reader, pbx } = await openReader();
    const access = await reader.read(PROJECT, pbx.id, 'asterisk');
    const { ari_password, ...rest } = access;
    const { ari_password: _password, ...given } = ASTERISK;
    expect(rest).toEqual({ ...given, endpoint_technology: 'PJSIP', callsPerSecond: 9 });
    expect(ari_password?.reveal()).toBe('correct horse');
    expect(JSON.stringify(access)).not.toContain('horse');
  });

  it('gives the key and address of a server with the API of OpenAI', async () => {
    const { reader, llm } = await openReader();
    const { apiKey, baseUrl } = await reader.read(PROJECT, llm.id, 'openai-compatible');
    expect([apiKey?.reveal(), `${apiKey}`, baseUrl]).toEqual(['sk-hidden', '[secret]', 'http://localhost:11434/v1']);
  });

  it('has no password where none was saved', async () => {
    const { reader, useCases } = await openReader();
    const { id } = await useCases.create(PROJECT, { name: 'x', provider: 'asterisk', value: {} });
    expect(await reader.read(PROJECT, id, 'asterisk')).toEqual({ endpoint_technology: 'PJSIP', callsPerSecond: 5 });
  });

  it('sees a change at once: nothing readable is kept', async () => {
    const { reader, useCases, pbx } = await openReader();
    await reader.read(PROJECT, pbx.id, 'asterisk');
    await useCases.save(PROJECT, pbx.id, { name: 'PBX', provider: 'asterisk', value: { trunk: 'new' } });
    expect(await reader.read(PROJECT, pbx.id, 'asterisk')).toMatchObject({ trunk: 'new' });
  });

  it('fails where there is none, where it is of another provider, and where no key opens it', async () => {
    const { reader, credentials, clock, logger, pbx, llm } = await openReader();
    await expect(reader.read(OTHER_PROJECT, pbx.id, 'asterisk')).rejects.toEqual(refusal('credential_not_found'));
    const asPbx = reader.read(PROJECT, llm.id, 'asterisk');
    await expect(asPbx).rejects.toEqual(refusal('deployment_invalid'));
    await expect(asPbx).rejects.toThrow(/^credentialId: .*openai-compatible; accepted is one of asterisk$/);
    const asLlm = reader.read(PROJECT, pbx.id, 'openai-compatible');
    await expect(asLlm).rejects.toEqual(refusal('assistant_invalid'));
    const stranger = createCredentialReader({ credentials, clock, logger, vault: createVault([vaultKey(9)]) });
    await expect(stranger.read(PROJECT, pbx.id, 'asterisk')).rejects.toEqual(refusal('credential_unreadable'));
  });

  it.each(['not JSON but horse', '{"ari_password":"horse"}', '{"horse":1}'])(
    'fails without quoting it where what was sealed is not of this version: %s',
    async (plain) => {
      const { reader, credentials, vault, pbx } = await openReader();
      const sealed = vault.seal(plain, { projectId: PROJECT, credentialId: pbx.id });
      await credentials.save(PROJECT, pbx.id, { sealed }, 1);
      const error: Error = await reader.read(PROJECT, pbx.id, 'asterisk').then(
        () => new Error('read'),
        (thrown) => thrown,
      );
      expect(error).toEqual(refusal('credential_unreadable'));
      expect(`${error.stack} ${String(error.cause)}`).not.toContain('horse');
    },
  );
});

describe('the use of a credential', () => {
  it('is noted once in a minute, however often it is read', async () => {
    const { reader, useCases, clock, uses, pbx, llm } = await openReader();
    for (let index = 0; index < 5; index++) await reader.read(PROJECT, pbx.id, 'asterisk');
    await reader.read(PROJECT, llm.id, 'openai-compatible');
    await clock.advance(59_999);
    await reader.read(PROJECT, pbx.id, 'asterisk');
    expect(uses).toEqual([pbx.id, llm.id]);
    await clock.advance(1);
    await reader.read(PROJECT, pbx.id, 'asterisk');
    await settle();
    expect(uses).toEqual([pbx.id, llm.id, pbx.id]);
    expect((await useCases.get(PROJECT, pbx.id)).lastUsedAtMs).toBe(clock.wallMs());
  });

  it('is not noted where it could not be opened', async () => {
    const { reader, uses, llm } = await openReader();
    await expect(reader.read(PROJECT, llm.id, 'asterisk')).rejects.toThrow();
    expect(uses).toEqual([]);
  });

  it('is logged where it cannot be noted, and the reading goes on', async () => {
    const { reader, logged, pbx, failWith } = await openReader();
    const failure = new Error('disk full');
    failWith(failure);
    expect(await reader.read(PROJECT, pbx.id, 'asterisk')).toMatchObject({ trunk: 'carrier' });
    await settle();
    expect(logged).toEqual([{ fields: { err: failure, credentialId: pbx.id }, message: expect.any(String) }]);
  });

  it('is remembered of a bounded number of credentials, the last ones', async () => {
    const { small, uses, pbx, llm } = await openReader();
    await small.read(PROJECT, pbx.id, 'asterisk');
    await small.read(PROJECT, llm.id, 'openai-compatible');
    await small.read(PROJECT, llm.id, 'openai-compatible');
    await small.read(PROJECT, pbx.id, 'asterisk');
    expect(uses).toEqual([pbx.id, llm.id, pbx.id]);
  });
});

import { randomBytes } from 'node:crypto';
import { type CredentialRecord, Secret, silentLogger } from '@rapida/core';
import { expect, it } from 'vitest';
import { warnOfUnreadable } from './unreadable.js';
import { createVault } from './vault.js';

const key = (): Secret => new Secret(randomBytes(32).toString('base64'));
const [present, lost] = [createVault([key()]), createVault([key()])];

function stored(id: string, vault: typeof present): CredentialRecord {
  const sealed = vault.seal('{}', { projectId: '1', credentialId: id });
  const times = { createdAtMs: 0, updatedAtMs: 0, lastUsedAtMs: null };
  return { id, projectId: '1', name: id, provider: 'asterisk', fields: [], sealed, callsPerSecond: 5, ...times };
}

async function warnedOf(records: readonly CredentialRecord[]): Promise<object[]> {
  const warned: object[] = [];
  const credentials = {
    after: async (id: string | null, limit: number) =>
      records.filter((record) => id === null || Number(record.id) > Number(id)).slice(0, limit),
  };
  const logger = { ...silentLogger, error: (fields: object) => void warned.push(fields) };
  await warnOfUnreadable({ credentials, vault: present, logger });
  return warned;
}

it('says nothing where every credential can be read, or there is none', async () => {
  expect(await warnedOf([])).toEqual([]);
  expect(await warnedOf([stored('1', present), stored('2', present)])).toEqual([]);
});

it('names the credentials that no key opens, once, and of many only the first', async () => {
  expect(await warnedOf([stored('1', present), stored('2', lost)])).toEqual([{ credentials: 1, credentialIds: ['2'] }]);
  const many = Array.from({ length: 450 }, (_, index) => stored(`${index + 1}`, lost));
  expect(await warnedOf(many)).toEqual([
    { credentials: 450, credentialIds: Array.from({ length: 20 }, (_, index) => `${index + 1}`) },
  ]);
});

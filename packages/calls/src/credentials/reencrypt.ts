import { type CredentialRecord, type CredentialStore, type Logger, RapidaError, type Vault } from '@rapida/core';
import type { CredentialUseCases } from '../use-cases.js';

const PAGE_MAX = 200;
/** Somebody else saved it meanwhile; more often than this in a row is no coincidence. */
const ATTEMPTS_MAX = 5;

export interface ReencryptDependencies {
  readonly credentials: Pick<CredentialStore, 'get' | 'after' | 'reseal'>;
  readonly vault: Vault;
  readonly logger: Logger;
}

type Counts = Awaited<ReturnType<CredentialUseCases['reencrypt']>>;
type Fate = keyof Counts | 'removed';

/**
 * Seals what older keys sealed with the first one. What is saved while it runs is not overwritten: a value is only
 * replaced by the same one sealed anew. Fails with store_failed where one does not stop changing.
 */
export async function reencrypt(dependencies: ReencryptDependencies): Promise<Counts> {
  const counts: Record<Fate, number> = { reencrypted: 0, current: 0, unreadable: 0, removed: 0 };
  let page: readonly CredentialRecord[] = await dependencies.credentials.after(null, PAGE_MAX);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    for (const record of page) counts[await reencryptOne(dependencies, record)]++;
    page = await dependencies.credentials.after(last.id, PAGE_MAX);
  }
  const { removed: _removed, ...rest } = counts;
  return rest;
}

async function reencryptOne(
  { credentials, vault, logger }: ReencryptDependencies,
  read: CredentialRecord,
): Promise<Fate> {
  const { id, projectId } = read;
  const whose = { projectId, credentialId: id };
  let record: CredentialRecord | undefined = read;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    if (record === undefined) return 'removed';
    if (vault.isCurrent(record.sealed)) return 'current';
    const plain = opened(vault, record);
    if (plain === undefined) {
      logger.warn({ credentialId: id }, 'a credential cannot be read with the keys of VAULT__KEY');
      return 'unreadable';
    }
    if (await credentials.reseal(id, record.sealed, vault.seal(plain, whose))) return 'reencrypted';
    record = await credentials.get(projectId, id);
  }
  throw new RapidaError('store_failed', `Credential ${id} is being saved all the time; run it again.`);
}

function opened(vault: Vault, { id, projectId, sealed }: CredentialRecord): string | undefined {
  try {
    return vault.open(sealed, { projectId, credentialId: id });
  } catch (error) {
    if (error instanceof RapidaError && error.code === 'credential_unreadable') return undefined;
    throw error;
  }
}

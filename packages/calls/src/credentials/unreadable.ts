import {
  type CredentialRecord,
  type CredentialStore,
  type EntityId,
  type Logger,
  RapidaError,
  type Vault,
} from '@rapida/core';

const PAGE_MAX = 200;
/** More are only counted. */
const IDS_NAMED_MAX = 20;

/** Says at the start which credentials no key opens: else the first call that needs one would be the first to know. */
export async function warnOfUnreadable(dependencies: {
  readonly credentials: Pick<CredentialStore, 'after'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly logger: Logger;
}): Promise<void> {
  const { credentials, vault, logger } = dependencies;
  const unreadable: EntityId[] = [];
  let page: readonly CredentialRecord[] = await credentials.after(null, PAGE_MAX);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    for (const record of page) if (!isReadable(vault, record)) unreadable.push(record.id);
    page = await credentials.after(last.id, PAGE_MAX);
  }
  if (unreadable.length === 0) return;
  logger.error(
    { credentials: unreadable.length, credentialIds: unreadable.slice(0, IDS_NAMED_MAX) },
    'credentials were sealed with a key that is not here: put it back into VAULT__KEY or DATA_DIR/vault.key, or save them anew',
  );
}

function isReadable(vault: Pick<Vault, 'open'>, { id, projectId, sealed }: CredentialRecord): boolean {
  try {
    vault.open(sealed, { projectId, credentialId: id });
    return true;
  } catch (error) {
    if (error instanceof RapidaError && error.code === 'credential_unreadable') return false;
    throw error;
  }
}

import {
  type Clock,
  type CredentialProvider,
  type CredentialStore,
  type EntityId,
  type Logger,
  RapidaError,
  type Vault,
} from '@rapida/core';
import { type CredentialAccess, openAccess } from './access.js';

/** The use of a credential is written down no more often than this. */
export const USE_NOTED_EVERY_MS = 60_000;
/** Credentials whose last note is remembered; of more than these some are noted too often. */
export const USES_REMEMBERED_MAX = 10_000;

export interface CredentialReader {
  /**
   * Opened anew each time: nothing that was readable is kept. Fails with credential_not_found, credential_unreadable, and
   * where it is of another provider with deployment_invalid (asterisk) or assistant_invalid (openai-compatible).
   */
  read<P extends CredentialProvider>(projectId: EntityId, id: EntityId, provider: P): Promise<CredentialAccess[P]>;
}

export interface CredentialReaderDependencies {
  readonly credentials: Pick<CredentialStore, 'get' | 'used'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly usesRememberedMax?: number;
}

export function createCredentialReader(dependencies: CredentialReaderDependencies): CredentialReader {
  const { credentials, vault, clock, logger, usesRememberedMax = USES_REMEMBERED_MAX } = dependencies;
  /** When a use was noted last, oldest first. */
  const notedAtMs = new Map<EntityId, number>();

  function noteUse(id: EntityId): void {
    const nowMs = clock.nowMs();
    if (nowMs - (notedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) < USE_NOTED_EVERY_MS) return;
    notedAtMs.delete(id);
    notedAtMs.set(id, nowMs);
    for (const oldest of notedAtMs.keys()) {
      if (notedAtMs.size <= usesRememberedMax) break;
      notedAtMs.delete(oldest);
    }
    // Nobody waits for it: a call does not fail because of a time in a list.
    credentials.used(id, clock.wallMs()).catch((error: unknown) => {
      logger.warn({ err: error, credentialId: id }, 'the use of a credential could not be noted');
    });
  }

  return {
    async read(projectId, id, provider) {
      const record = await credentials.get(projectId, id);
      if (record === undefined) throw new RapidaError('credential_not_found');
      const access = openAccess(vault, record, provider);
      noteUse(id);
      return access;
    },
  };
}

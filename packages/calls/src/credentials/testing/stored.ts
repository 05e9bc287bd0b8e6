import {
  CREDENTIAL_PROVIDERS,
  type CredentialStore,
  createIdSource,
  type EntityId,
  type Logger,
  Secret,
  silentLogger,
  type Vault,
} from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createSqlAssistantStore, createSqlCredentialStore, createSqlProjectStore, openEmbedded } from '@rapida/stores';
import type { CredentialUseCases } from '../../use-cases.js';
import type { CredentialChecks } from '../checks.js';
import { createCredentialUseCases } from '../credentials.js';
import { createVault } from '../vault.js';

export const PROJECT: EntityId = '1';
export const OTHER_PROJECT: EntityId = '2';

export const vaultKey = (byte: number): Secret => new Secret(Buffer.alloc(32, byte).toString('base64'));

export const ASTERISK = {
  ari_url: 'http://127.0.0.1:8088',
  ari_user: 'rapida',
  ari_password: 'correct horse',
  trunk: 'carrier',
};

interface Logged {
  readonly fields: object;
  readonly message: string;
}

/** What is kept in real stores in memory, under a vault with one key. */
export async function openStored() {
  const clock = new VirtualClock();
  const database = await openEmbedded({ file: ':memory:', clock });
  const projects = createSqlProjectStore(database);
  await projects.ensureDefault({ id: PROJECT, name: 'default', createdAtMs: 0 });
  const credentials = createSqlCredentialStore(database);
  const logged: Logged[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields, message) => void logged.push({ fields, message }) };
  const vault = createVault([vaultKey(1)]);
  const newId = createIdSource(clock);
  const common = { clock, logger, newId, credentials };
  return {
    ...common,
    vault,
    logged,
    assistants: createSqlAssistantStore(database),
    useCases: createCredentialUseCases({ ...common, vault, checks: noChecks }),
    /** The same store under other keys, other checks, or with something in between. */
    under: (other: Partial<Replaced>): CredentialUseCases =>
      createCredentialUseCases({ ...common, vault, checks: noChecks, ...other }),
  };
}

interface Replaced {
  readonly vault: Vault;
  readonly checks: CredentialChecks;
  readonly credentials: CredentialStore;
}

/** Each fails the test that asks it. */
export const noChecks = Object.fromEntries(
  CREDENTIAL_PROVIDERS.map((provider) => [provider, () => Promise.reject(new Error(`${provider} was asked`))]),
) as unknown as CredentialChecks;

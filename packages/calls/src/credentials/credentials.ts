import {
  CALLS_PER_SECOND_DEFAULT,
  CALLS_PER_SECOND_MAX,
  type Clock,
  type CredentialProvider,
  type CredentialRecord,
  type CredentialStore,
  type EntityId,
  type Logger,
  RapidaError,
  type Vault,
} from '@rapida/core';
import type { CredentialCheck, CredentialSummary, CredentialUseCases } from '../use-cases.js';
import { type CredentialAccess, openAccess } from './access.js';
import type { CredentialChecks } from './checks.js';
import { createProviderHealth, type OwnKey } from './health.js';
import { reencrypt } from './reencrypt.js';
import { checkValue } from './value.js';

const NAME_MAX = 100;

export interface CredentialDependencies {
  readonly credentials: CredentialStore;
  readonly vault: Vault;
  readonly checks: CredentialChecks;
  readonly clock: Clock;
  readonly newId: () => EntityId;
  readonly logger: Logger;
  /** Keys of the server itself; none. */
  readonly ownKeys?: readonly OwnKey[];
}

export function createCredentialUseCases(dependencies: CredentialDependencies): CredentialUseCases {
  const { credentials, vault, checks, clock, newId } = dependencies;

  const get = async (projectId: EntityId, id: EntityId) => found(await credentials.get(projectId, id));

  function seal(provider: CredentialProvider, value: unknown, projectId: EntityId, credentialId: EntityId) {
    const { plain, fields } = checkValue(provider, value);
    return { fields, sealed: vault.seal(plain, { projectId, credentialId }) };
  }

  function check<P extends CredentialProvider>(record: CredentialRecord, provider: P): Promise<CredentialCheck> {
    return checks[provider](openAccess(vault, record, provider));
  }

  async function checkRecord(record: CredentialRecord): Promise<CredentialCheck> {
    try {
      return await check(record, record.provider);
    } catch (error) {
      if (!(error instanceof RapidaError && error.code === 'credential_unreadable')) throw error;
      return { ok: false, code: error.code, message: error.message };
    }
  }

  const checkOwn = <P extends CredentialProvider>({
    provider,
    credential,
  }: {
    provider: P;
    credential: CredentialAccess[P];
  }) => checks[provider](credential);
  const health = createProviderHealth({
    ...{ clock, credentials, ownKeys: dependencies.ownKeys ?? [], checkRecord },
    checkOwn: (key) => checkOwn(key as Parameters<typeof checkOwn>[0]),
  });

  return {
    health,
    async list(projectId, limit, cursor) {
      const page = await credentials.list(projectId, limit, cursor);
      return { ...page, data: page.data.map(summaryOf) };
    },
    get: async (projectId, id) => summaryOf(await get(projectId, id)),
    async create(projectId, input) {
      const { provider } = input;
      const id = newId();
      const nowMs = clock.wallMs();
      const times = { createdAtMs: nowMs, updatedAtMs: nowMs, lastUsedAtMs: null };
      const record = {
        id,
        projectId,
        provider,
        ...named(input),
        ...seal(provider, input.value, projectId, id),
        ...times,
      };
      await credentials.create(record);
      return summaryOf(record);
    },
    async save(projectId, id, input) {
      const { provider } = await get(projectId, id);
      if (input.provider !== provider) {
        throw new RapidaError('credential_invalid', `provider: it stays ${provider}; make another credential instead`);
      }
      const sealed = input.value === undefined ? {} : seal(provider, input.value, projectId, id);
      return summaryOf(found(await credentials.save(projectId, id, { ...named(input), ...sealed }, clock.wallMs())));
    },
    async remove(projectId, id) {
      if (!(await credentials.remove(projectId, id))) throw new RapidaError('credential_not_found');
    },
    users: async (projectId, id) => credentials.users(projectId, (await get(projectId, id)).id),
    async check(projectId, id) {
      return checkRecord(await get(projectId, id));
    },
    reencrypt: () => reencrypt(dependencies),
  };
}

function found<T>(credential: T | undefined): T {
  if (credential === undefined) throw new RapidaError('credential_not_found');
  return credential;
}

function named(input: { readonly name: string; readonly callsPerSecond?: number | undefined }) {
  const name = input.name.trim();
  if (name === '' || name.length > NAME_MAX) {
    throw new RapidaError('credential_invalid', `name: accepted are 1 to ${NAME_MAX} characters`);
  }
  const { callsPerSecond = CALLS_PER_SECOND_DEFAULT } = input;
  if (!Number.isInteger(callsPerSecond) || callsPerSecond < 1 || callsPerSecond > CALLS_PER_SECOND_MAX) {
    throw new RapidaError('credential_invalid', `callsPerSecond: accepted is a number, 1 to ${CALLS_PER_SECOND_MAX}`);
  }
  return { name, callsPerSecond };
}

/** Field by field: what a record may hold one day stays here. */
function summaryOf(record: CredentialRecord): CredentialSummary {
  const { id, name, provider, fields, callsPerSecond, createdAtMs, updatedAtMs, lastUsedAtMs } = record;
  return { id, name, provider, fields, callsPerSecond, createdAtMs, updatedAtMs, lastUsedAtMs };
}

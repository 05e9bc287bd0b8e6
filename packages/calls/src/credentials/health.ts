import type { Clock, CredentialRecord, CredentialStore, EntityId } from '@rapida/core';
import type { ProbedProvider } from '@rapida/providers';
import type { CredentialCheck, ProviderHealth } from '../use-cases.js';
import type { CredentialAccess } from './access.js';

/** How long an answer stands before the other side is asked again: a page that is looked at must not cost a vendor's patience. */
export const HEALTH_KEPT_MS = 60_000;
/** Credentials asked about in one look; of more than these only the newest. */
export const CREDENTIALS_ASKED_MAX = 50;
/** Of all looks together. */
export const ASKED_AT_ONCE_MAX = 4;

/** A key of the server itself, for assistants that name no credential. */
export type OwnKey = {
  readonly [P in ProbedProvider]: { readonly provider: P; readonly credential: CredentialAccess[P] };
}[ProbedProvider];

export interface HealthDependencies {
  readonly clock: Clock;
  readonly credentials: Pick<CredentialStore, 'list'>;
  readonly ownKeys: readonly OwnKey[];
  readonly checkRecord: (record: CredentialRecord) => Promise<CredentialCheck>;
  readonly checkOwn: (key: OwnKey) => Promise<CredentialCheck>;
}

interface Kept {
  readonly untilMs: number;
  readonly health: Promise<ProviderHealth>;
}

/** Whether everything an assistant could name is good: each vendor and Asterisk is asked once a minute at most, whoever looks. */
export function createProviderHealth(
  dependencies: HealthDependencies,
): (projectId: EntityId) => Promise<ProviderHealth[]> {
  const { clock, credentials, ownKeys, checkRecord, checkOwn } = dependencies;
  const kept = new Map<string, Kept>();
  const waiting: (() => void)[] = [];
  let asking = 0;

  async function inTurn<T>(ask: () => Promise<T>): Promise<T> {
    if (asking >= ASKED_AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
    asking++;
    try {
      return await ask();
    } finally {
      asking--;
      waiting.shift()?.();
    }
  }

  function asked(
    key: string,
    who: Pick<ProviderHealth, 'provider' | 'credentialId' | 'name'>,
    ask: () => Promise<CredentialCheck>,
  ) {
    const nowMs = clock.nowMs();
    for (const [old, { untilMs }] of kept) if (untilMs <= nowMs) kept.delete(old);
    const known = kept.get(key);
    if (known !== undefined) return known.health;
    const health = inTurn(async () => ({ ...who, ...(await ask()), checkedAtMs: clock.wallMs() }));
    // What could not be asked at all is asked again the next time.
    health.catch(() => kept.delete(key));
    kept.set(key, { untilMs: nowMs + HEALTH_KEPT_MS, health });
    return health;
  }

  return async (projectId) => {
    const { data } = await credentials.list(projectId, CREDENTIALS_ASKED_MAX, null);
    return Promise.all([
      ...ownKeys.map((key) =>
        asked(`own/${key.provider}`, { provider: key.provider, credentialId: null, name: null }, () => checkOwn(key)),
      ),
      ...data.map((record) => {
        const { id, provider, name, updatedAtMs } = record;
        return asked(`${id}/${updatedAtMs}`, { provider, credentialId: id, name }, () => checkRecord(record));
      }),
    ]);
  };
}

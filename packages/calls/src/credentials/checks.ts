import type { AriAccess, AriClient, AriFailureKind } from '@rapida/ari';
import {
  type Clock,
  CREDENTIAL_PROVIDERS,
  type CredentialProvider,
  ERRORS,
  type ErrorCode,
  RapidaError,
} from '@rapida/core';
import type { ProbedProvider } from '@rapida/providers';
import { within } from '../bounded-wait.js';
import type { CredentialCheck } from '../use-cases.js';
import { type AsteriskAccess, ariReachOf, type CredentialAccess, toAriAccess } from './access.js';

/** How long a vendor may take to say whether a key is good. */
export const PROVIDER_CHECK_MS = 5_000;
/** Without `res_audiosocket` and one of the channels no call has sound. Not every Asterisk has the WebSocket. */
const MEDIA_MODULES = ['res_audiosocket', 'chan_audiosocket', 'chan_websocket'] as const;

/** Each asks the other side once and resolves with what it showed; a failure is a result too. */
export type CredentialChecks = {
  readonly [P in CredentialProvider]: (access: CredentialAccess[P]) => Promise<CredentialCheck>;
};

export interface CheckDependencies {
  readonly clock: Clock;
  /** Its requests have a limit in time of their own. */
  readonly ari: (access: AriAccess) => Pick<AriClient, 'info' | 'moduleStatus'>;
  /** Asks the vendor; see `probeProvider`. */
  readonly probe: (
    provider: ProbedProvider,
    credential: CredentialAccess[ProbedProvider],
    signal: AbortSignal,
  ) => Promise<string>;
}

export function createCredentialChecks(dependencies: CheckDependencies): CredentialChecks {
  const vendors = CREDENTIAL_PROVIDERS.map((provider) => [
    provider,
    (access: CredentialAccess[ProbedProvider]) => checkProvider(dependencies, provider as ProbedProvider, access),
  ]);
  return {
    ...(Object.fromEntries(vendors) as CredentialChecks),
    asterisk: (access) => checkAsterisk(dependencies, access),
    // Which address it is for only its tools know.
    http: async () => ({ ok: true, code: null, message: 'Kept; the tools that use it will show whether it is good' }),
  };
}

export function ariFailureCode(kind: AriFailureKind): ErrorCode {
  if (kind === 'unauthorized' || kind === 'forbidden') return 'ari_unauthorized';
  if (kind === 'unreachable' || kind === 'timeout') return 'ari_unreachable';
  return 'ari_failed';
}

async function checkAsterisk({ ari }: CheckDependencies, access: AsteriskAccess): Promise<CredentialCheck> {
  const reach = ariReachOf(access);
  if (reach === undefined) {
    return failed('deployment_incomplete', 'ari_url, ari_user and ari_password are not set: no call can be placed');
  }
  const client = ari(toAriAccess(reach));
  const info = await client.info();
  if (!info.ok) {
    const { kind, message } = info.failure;
    const code = ariFailureCode(kind);
    return failed(code, code === 'ari_failed' ? message : `${ERRORS[code].text} (${message})`);
  }
  const stopped = await stoppedModules(client);
  const lack = stopped.length === 0 ? '' : `; these modules are not running: ${stopped.join(', ')}`;
  return { ok: true, code: null, message: `Asterisk ${info.value.version} answered${lack}` };
}

/** Those that Asterisk says are not running; one it does not tell about may well run. */
async function stoppedModules(client: Pick<AriClient, 'moduleStatus'>): Promise<string[]> {
  const statuses = await Promise.all(MEDIA_MODULES.map((name) => client.moduleStatus(name)));
  return MEDIA_MODULES.filter((_, index) => {
    const status = statuses[index];
    return status?.ok === true && status.value !== 'running';
  });
}

/** What the vendor said, for people: a failure here is a result. */
async function checkProvider(
  { clock, probe }: CheckDependencies,
  provider: ProbedProvider,
  credential: CredentialAccess[ProbedProvider],
): Promise<CredentialCheck> {
  const abort = new AbortController();
  const asking = probe(provider, credential, abort.signal).then(
    (message): CredentialCheck => ({ ok: true, code: null, message }),
    (error: unknown) => {
      const { code, message } = RapidaError.from(error);
      return failed(code, message);
    },
  );
  const asked = await within(clock, asking, PROVIDER_CHECK_MS);
  abort.abort();
  return asked.inTime
    ? asked.value
    : failed('provider_unavailable', `The server did not answer within ${PROVIDER_CHECK_MS} ms`);
}

function failed(code: ErrorCode, message: string): CredentialCheck {
  return { ok: false, code, message };
}

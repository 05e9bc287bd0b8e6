import type { AriAccess, AriClient, AriFailureKind } from '@rapida/ari';
import { type Clock, type CredentialProvider, ERRORS, type ErrorCode } from '@rapida/core';
import { OPENAI_BASE_URL } from '@rapida/providers';
import { within } from '../bounded-wait.js';
import type { CredentialCheck } from '../use-cases.js';
import { type AsteriskAccess, ariReachOf, type CredentialAccess, type OpenAiAccess, toAriAccess } from './access.js';

/** How long a server with OpenAI's API may take for the list of its models. */
export const OPENAI_CHECK_MS = 5_000;
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
  /** Asked where the credential names no server. */
  readonly openAiBaseUrl?: string;
  readonly fetch?: typeof fetch;
}

export function createCredentialChecks(dependencies: CheckDependencies): CredentialChecks {
  return {
    asterisk: (access) => checkAsterisk(dependencies, access),
    'openai-compatible': (access) => checkOpenAi(dependencies, access),
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

async function checkOpenAi(dependencies: CheckDependencies, access: OpenAiAccess): Promise<CredentialCheck> {
  const abort = new AbortController();
  const asked = await within(dependencies.clock, modelsStatus(dependencies, access, abort.signal), OPENAI_CHECK_MS);
  abort.abort();
  if (!asked.inTime) return failed('provider_unavailable', `The server did not answer within ${OPENAI_CHECK_MS} ms`);
  const status = asked.value;
  if (status === undefined) return failed('provider_unavailable', 'The server could not be reached: check baseUrl');
  if (status === 401 || status === 403) return failed('provider_auth', ERRORS.provider_auth.text);
  if (status >= 200 && status < 300) return { ok: true, code: null, message: 'The server answered' };
  return failed('provider_unavailable', `The server answered ${status} to /models: check baseUrl`);
}

/** Undefined where there was no answer. What went wrong is not kept: it may quote the key. */
async function modelsStatus(
  { fetch: ask = fetch, openAiBaseUrl = OPENAI_BASE_URL }: CheckDependencies,
  { baseUrl = openAiBaseUrl, apiKey }: OpenAiAccess,
  signal: AbortSignal,
): Promise<number | undefined> {
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` };
  try {
    // A key follows no redirect.
    const { status, body } = await ask(`${baseUrl.replace(/\/+$/, '')}/models`, {
      headers,
      redirect: 'manual',
      signal,
    });
    body?.cancel().catch(() => {});
    return status;
  } catch {
    return undefined;
  }
}

function failed(code: ErrorCode, message: string): CredentialCheck {
  return { ok: false, code, message };
}

import { RapidaApiError } from '@rapida/client';

const NO_ANSWER = 'is the server running? (set RAPIDA_URL or --url)';

/** What to do about it with this command. */
const ADVICE: Readonly<Record<string, string>> = {
  unreachable: NO_ANSWER,
  timeout: NO_ANSWER,
  key_missing: 'set RAPIDA_API_KEY or --key',
  deployment_incomplete: 'rapida credentials create <name> ..., then rapida assistants deploy --credential <name>',
  deployment_disabled: 'rapida assistants deploy --enable',
  webhook_not_found: 'rapida webhooks list',
  delivery_not_found: 'rapida webhooks deliveries',
};

/** Why a command ends, in a line. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const advice = error instanceof RapidaApiError ? ADVICE[error.code] : undefined;
  return advice === undefined ? error.message : `${error.message}: ${advice}`;
}

/** Whether the request was carried out is not known: it has no answer. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof RapidaApiError && (error.code === 'unreachable' || error.code === 'timeout');
}

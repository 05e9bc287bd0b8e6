import type { Secret } from '@rapida/core';
import { type ErrorCode, RapidaError } from '@rapida/core';

/** The border between what the server of a vendor answers and the catalogue of errors. */

const QUOTE_CHARACTERS_MAX = 200;
/** How deep causes are followed: they are made by libraries and may be circular. */
const CAUSES_MAX = 8;

/** What a status means that is not 2xx. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'provider_auth';
  if (status === 408) return 'provider_timeout';
  if (status === 429) return 'provider_rate_limited';
  if (status >= 500) return 'provider_unavailable';
  if (status >= 400) return 'provider_rejected';
  return 'provider_protocol';
}

/**
 * The failure behind a status. Of the answer only `error.message` is quoted, shortened and without the key - and nothing
 * of an answer about the key, because servers quote it back.
 */
export function statusError(
  path: string,
  status: number,
  answer: string,
  apiKey: Secret | undefined,
  code: ErrorCode = codeOfStatus(status),
): RapidaError {
  const said = code === 'provider_auth' ? '' : quote(messageIn(answer), apiKey);
  return new RapidaError(code, `The provider answered ${status} to ${path}${said === '' ? '' : `: ${said}`}`);
}

/** The one of ours in `thrown` or below it; undefined when there is none. Libraries wrap what `fetch` throws. */
export function rapidaErrorIn(thrown: unknown): RapidaError | undefined {
  let current = thrown;
  for (let depth = 0; depth < CAUSES_MAX && current instanceof Error; depth++) {
    if (current instanceof RapidaError) return current;
    current = current.cause;
  }
  return undefined;
}

/** The server could not be reached, or the connection broke. */
export function networkError(path: string, cause: unknown): RapidaError {
  return new RapidaError('provider_unavailable', `The provider could not be reached for ${path}`, { cause });
}

export function protocolError(message: string, cause?: unknown): RapidaError {
  return new RapidaError('provider_protocol', message, { cause });
}

/** Vendors say it in one of these: `{error: {message}}`, `{error}`, `{message}`, `{err_msg}`, `{detail: {message}}`, `{detail}`, `{detail: [{msg}]}`. */
function saidIn(answer: unknown): string {
  const fields = (answer ?? {}) as Readonly<Record<string, unknown>>;
  for (const name of ['error', 'message', 'err_msg', 'detail']) {
    const said = fields[name];
    if (typeof said === 'string') return said;
    const { message, msg } = ((Array.isArray(said) ? said[0] : said) ?? {}) as { message?: unknown; msg?: unknown };
    if (typeof message === 'string') return message;
    if (typeof msg === 'string') return msg;
  }
  return '';
}

function messageIn(answer: string): string {
  try {
    return saidIn(JSON.parse(answer));
  } catch {
    return '';
  }
}

/** What a vendor said, in one line, shortened, and without the key or what looks like one. */
export function quote(text: string, apiKey: Secret | undefined): string {
  const key = apiKey?.reveal() ?? '';
  const withoutKey = (key === '' ? text : text.replaceAll(key, '[secret]')).replaceAll(/\bsk-[\w*-]+/g, '[secret]');
  return withoutKey.replaceAll(/\s+/g, ' ').trim().slice(0, QUOTE_CHARACTERS_MAX);
}

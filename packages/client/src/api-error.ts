import type { ServerErrorCode } from './schemas.js';

/**
 * What this package says itself:
 * - `unreachable`: there was no answer, or it broke off. Whether a request that changes something was carried out is not known.
 * - `timeout`: no whole answer within `timeoutMs`; the same doubt.
 * - `redirected`: the answer leads to another address, which is not followed, because the key would go with it.
 * - `answer_invalid`: a success that is not what the server answers; another program may listen at this address.
 * - `http_error`: a failure without a code of the server, e.g. of a proxy before it; `status` says more.
 */
export type ClientErrorCode = 'unreachable' | 'timeout' | 'redirected' | 'answer_invalid' | 'http_error';

export interface ApiErrorDetails {
  readonly status: number;
  readonly code: ServerErrorCode | ClientErrorCode | (string & {});
  readonly text: string;
  readonly retryAfterMs?: number | undefined;
}

/** The one error of requests that failed. Neither it nor its message ever holds the API key. */
export class RapidaApiError extends Error {
  override readonly name = 'RapidaApiError';
  /** The HTTP status; 0 where there was none. */
  readonly status: number;
  /** For programs; stable. */
  readonly code: ApiErrorDetails['code'];
  /** The message without the code behind it. */
  readonly text: string;
  /** The same request may succeed later. Where it changes something, see {@link ClientErrorCode} about the doubt. */
  readonly retryable: boolean;
  /** How long the server asks to wait, ms. */
  readonly retryAfterMs: number | undefined;

  constructor({ status, code, text, retryAfterMs }: ApiErrorDetails) {
    super(`${text} (${code})`);
    this.status = status;
    this.code = code;
    this.text = text;
    this.retryAfterMs = retryAfterMs;
    this.retryable = isRetryable(status, code);
  }
}

/** The statuses that say "later". A 502 says so only where a proxy answers it: the server's own are refusals of Asterisk. */
function isRetryable(status: number, code: string): boolean {
  if (code === 'unreachable' || code === 'timeout') return true;
  return [408, 429, 503, 504].includes(status) || (status === 502 && code === 'http_error');
}

interface Told {
  readonly code: string;
  readonly text: string;
}

/** The error that an answer's body tells, in either of the shapes the server has. */
export function errorTold(body: string): Told | undefined {
  const { error, code } = objectOf(parsed(body));
  if (typeof error === 'string') return typeof code === 'string' ? { code, text: error } : undefined;
  if (typeof error !== 'object' || error === null) return undefined;
  const { errorCode, errorMessage, humanMessage } = objectOf(error);
  const [number, message, human] = [errorCode, errorMessage, humanMessage].map((one) =>
    typeof one === 'string' ? one : '',
  ) as [string, string, string];
  // The answers about placing calls name the code that the other routes have in front of their message.
  const own = /^[a-z_]+(?=: )/.exec(message)?.[0];
  return { code: own ?? (number || 'http_error'), text: human || message };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

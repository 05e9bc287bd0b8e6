import { type AriAccess, ariBase, credentialsOf } from './access.js';
import type { AriClock } from './clock.js';
import { failureOfError, failureOfStatus, invalidRequest, protocolFailure, timeoutFailure } from './failure.js';
import type { AriResult } from './result.js';

export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/ari`, each part not yet encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Channel variables, which only fit into the body. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Default 1 MiB. */
  readonly answerBytesMax?: number;
}

export interface AriAnswer {
  readonly status: number;
  readonly text: string;
}

/** Ok for a 2xx only. Never rejects. */
export type SendRequest = (request: AriRequest) => Promise<AriResult<AriAnswer>>;

const ANSWER_BYTES_MAX = 1_048_576;

export function createSender(access: AriAccess, clock: AriClock, requestMsMax: number): SendRequest {
  const base = ariBase(access);
  return async (request) => {
    const url = urlOf(base, request);
    if (url === undefined) return { ok: false, failure: invalidRequest('a part of the request cannot be sent') };
    let credentials: ReturnType<typeof credentialsOf>;
    try {
      credentials = credentialsOf(access);
    } catch {
      return { ok: false, failure: invalidRequest('the password cannot be read') };
    }
    const abort = new AbortController();
    let timedOut = false;
    const timer = clock.setTimer(requestMsMax, () => {
      timedOut = true;
      abort.abort();
    });
    try {
      return await exchange(url, request, credentials, abort.signal);
    } catch (error) {
      if (timedOut) return { ok: false, failure: timeoutFailure(`no answer within ${requestMsMax} ms`) };
      return { ok: false, failure: failureOfError(error, credentials.redact) };
    } finally {
      timer.cancel();
      // Lets go of an answer that was not read to its end.
      abort.abort();
    }
  };
}

async function exchange(
  url: string,
  request: AriRequest,
  credentials: ReturnType<typeof credentialsOf>,
  signal: AbortSignal,
): Promise<AriResult<AriAnswer>> {
  const { variables } = request;
  const hasBody = variables !== undefined && Object.keys(variables).length > 0;
  const response = await fetch(url, {
    method: request.method,
    redirect: 'manual',
    signal,
    headers: {
      accept: 'application/json',
      authorization: credentials.authorization,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: JSON.stringify({ variables }) } : {}),
  });
  const { status } = response;
  const bytesMax = request.answerBytesMax ?? ANSWER_BYTES_MAX;
  const text = await readBounded(response, bytesMax);
  if (status < 200 || status > 299)
    return { ok: false, failure: failureOfStatus(status, text ?? '', credentials.redact) };
  if (text === undefined) return { ok: false, failure: protocolFailure(`an answer over ${bytesMax} bytes`, status) };
  return { ok: true, value: { status, text } };
}

/** Undefined for a part that no path can carry: `..` would name another resource. */
function urlOf(base: string, request: AriRequest): string | undefined {
  if (request.path.some((part) => part === '' || part === '.' || part === '..')) return undefined;
  try {
    const path = request.path.map(encodeURIComponent).join('/');
    const query = Object.entries(request.query ?? {})
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    return query === '' ? `${base}/${path}` : `${base}/${path}?${query}`;
  } catch {
    // A lone surrogate.
    return undefined;
  }
}

/** Undefined when there is more than `bytesMax`. */
async function readBounded(response: Response, bytesMax: number): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.byteLength;
    if (length > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

import { RapidaApiError } from '@rapida/client';

/** What a request needs beside its address; `fetch` knows the session. */
export interface Requests {
  json<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options?: RequestDetails): Promise<T>;
}

export interface RequestDetails {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Requests of the browser alone, which the SDK does not have: sessions, the first half of a test call, descriptions. Errors are those of the SDK. */
export function createRequests(url: string, fetchIt: typeof fetch): Requests {
  return {
    async json<T>(method: string, path: string, { body, signal }: RequestDetails = {}): Promise<T> {
      const answer = await send(fetchIt, `${url}${path}`, { method, body, signal });
      const text = await answer.text();
      if (!answer.ok) throw errorOf(answer, text);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
  };
}

async function send(
  fetchIt: typeof fetch,
  address: string,
  { method, body, signal }: { method: string; body: unknown; signal: AbortSignal | undefined },
): Promise<Response> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  try {
    return await fetchIt(address, { method, ...sent, ...(signal !== undefined && { signal }) });
  } catch {
    signal?.throwIfAborted();
    throw new RapidaApiError({ status: 0, code: 'unreachable', text: 'The server does not answer' });
  }
}

function errorOf({ status, headers }: Response, text: string): RapidaApiError {
  const { error, code } = parsed(text);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new RapidaApiError({
    status,
    code: code ?? 'http_error',
    text: error ?? `the server answered ${status}`,
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1_000 }),
  });
}

function parsed(text: string): { readonly error?: string; readonly code?: string } {
  try {
    const { error, code } = JSON.parse(text) as Record<string, unknown>;
    return { ...(typeof error === 'string' && { error }), ...(typeof code === 'string' && { code }) };
  } catch {
    return {};
  }
}

import { RapidaApiError } from '@rapida/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { SESSION_KEY } from './session-key.js';

const RETRIES_MAX = 2;
/** Longer ago, and a page that is opened again asks anew. */
const FRESH_MS = 5_000;

/** Whether the server no longer knows who is asking. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof RapidaApiError && ['session_missing', 'session_over', 'key_missing'].includes(error.code);
}

/** What the pages have read. A session that is over leads to the sign-in, whoever notices it first. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isSignedOut(error)) client.setQueryData(SESSION_KEY, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => error instanceof RapidaApiError && error.retryable && failures < RETRIES_MAX,
      },
    },
  });
  return client;
}

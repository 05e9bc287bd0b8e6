import type { CallFilter, Page } from '@rapida/client';
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { CALLS } from './calls.js';
import { useServer } from './server.js';

const CALLS_AT_ONCE = 100;

type Filter = Omit<CallFilter, 'cursor' | 'limit'>;

/** The history, newest first, a page at a time. */
export function useCallHistory(filter: Filter) {
  const { rapida } = useServer();
  return useInfiniteQuery({
    queryKey: historyKey(filter),
    queryFn: ({ pageParam, signal }) =>
      rapida.calls.list(
        { ...filter, limit: CALLS_AT_ONCE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // It would read all pages anew: whoever is deep in them, or comes back to them, is asked first.
    refetchOnMount: ({ state }) => (state.data?.pages.length ?? 0) <= 1,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Reads the newest page anew, and forgets those behind it. */
export function useHistoryFromTheTop(filter: Filter): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    const queryKey = historyKey(filter);
    // What is under way may have been answered before whatever the viewer waits for.
    await client.cancelQueries({ queryKey });
    client.setQueryData<InfiniteData<Page<unknown>>>(queryKey, (read) =>
      read === undefined ? read : { pages: read.pages.slice(0, 1), pageParams: read.pageParams.slice(0, 1) },
    );
    await client.invalidateQueries({ queryKey });
  };
}

/**
 * When the newest call began that lies behind a page: as far as a search has looked. A cursor is a place among all calls,
 * whatever they were filtered by. Null: behind it there is none.
 */
export function useBeganBehind(filter: Filter, cursor: string | undefined) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...CALLS, 'behind', filter, cursor],
    queryFn: async ({ signal }) => {
      const { data } = await rapida.calls.list(
        { ...filter, limit: 1, ...(cursor !== undefined && { cursor }) },
        { signal },
      );
      return data[0]?.createdAt ?? null;
    },
    enabled: cursor !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function historyKey(filter: Filter) {
  return [...CALLS, 'history', filter];
}

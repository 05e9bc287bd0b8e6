import type { Call } from '@rapida/client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useCallHistory, useHistoryFromTheTop } from '../../data/call-history.js';
import { useCallNews } from '../../live/live-provider.js';
import { type HistoryFilter, isSearch } from './history-filter.js';
import { readsOn } from './search-reach.js';

export interface HistoryReading {
  /** Undefined: nothing was read yet. */
  readonly calls: readonly Call[] | undefined;
  /** Null: none. */
  readonly error: unknown;
  readonly isReading: boolean;
  /** Where the next page begins; undefined: there is none. */
  readonly cursor: string | undefined;
  /** Calls have come or ended since, which are not shown by themselves: too much was read, or looked for. */
  readonly hasNews: boolean;
  /** What has failed. */
  readonly again: () => void;
  /** The next page, where none is being read. */
  readonly more: () => void;
  /** A search goes on from where it stopped. */
  readonly further: () => void;
  readonly fromTheTop: () => void;
}

/** The calls of a filter, as far as they were read. A search reads on by itself for a while where it finds nothing. */
export function useHistoryReading(filter: HistoryFilter): HistoryReading {
  const { data, error, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage, refetch } = useCallHistory(filter);
  const readFromTheTop = useHistoryFromTheTop(filter);
  const pages = useMemo(() => data?.pages ?? [], [data]);
  const calls = useMemo(() => data?.pages.flatMap((page) => page.data), [data]);
  const [begun, setBegun] = useState(0);
  // Pages that are there at first were read before this page was left.
  const [hasNews, setHasNews] = useState(pages.length > 1);
  const isSearching = isSearch(filter);
  const mayRead = hasNextPage && !isFetching && !isFetchNextPageError;
  const more = useCallback(() => {
    if (mayRead) void fetchNextPage();
  }, [mayRead, fetchNextPage]);
  const readsByItself = isSearching && readsOn(pages, begun);
  useEffect(() => {
    if (readsByItself) more();
  }, [readsByItself, more]);
  const fromTheTop = () => {
    setHasNews(false);
    setBegun(0);
    void readFromTheTop();
  };
  useCallNews((news) => {
    if (!isSearching && pages.length <= 1) void readFromTheTop();
    else if (news === 'changed') setHasNews(true);
  });
  return {
    ...{ calls, error, hasNews, more, fromTheTop },
    isReading: isFetching,
    cursor: pages.at(-1)?.nextCursor ?? undefined,
    again: () => void (isFetchNextPageError ? fetchNextPage() : refetch()),
    further: () => setBegun(pages.length),
  };
}

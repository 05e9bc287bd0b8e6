import type { LiveEvent } from '@rapida/client';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { type BrowserClock, browserClock } from '../clock.js';
import { CALLS } from '../data/calls.js';
import { isSignedOut } from '../data/query-client.js';
import { useServer } from '../data/server.js';
import { SESSION_KEY } from '../data/session-key.js';
import { type FeedState, LiveFeed } from './live-feed.js';
import type { SpokenWords } from './spoken-words.js';
import { createThrottle } from './throttle.js';

const LiveContext = createContext<LiveFeed | undefined>(undefined);

/** Lists are read anew at most this often, however much happens. */
const LISTS_MS = 2_000;
/** The call that is looked at. */
const CALL_MS = 400;

/** Keeps the one stream open while somebody is signed in, and what the pages have read up to date. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const { url } = useServer();
  const client = useQueryClient();
  const [feed, setFeed] = useState<LiveFeed>();
  useEffect(() => {
    const refresh = createRefresh(client, browserClock);
    const opened = new LiveFeed({
      ...{ url, fetch: (input, init) => fetch(input, init), clock: browserClock },
      ...{ onEvent: refresh.after, onGap: refresh.all },
      onFailure: (error) => {
        if (isSignedOut(error)) client.setQueryData(SESSION_KEY, null);
      },
    });
    setFeed(opened);
    return () => {
      opened.close();
      refresh.close();
    };
  }, [url, client]);
  return <LiveContext value={feed}>{children}</LiveContext>;
}

function createRefresh(client: QueryClient, clock: BrowserClock) {
  const lists = createThrottle(clock, LISTS_MS);
  const one = createThrottle(clock, CALL_MS);
  const readAnew = (...key: readonly string[]) => void client.invalidateQueries({ queryKey: [...CALLS, ...key] });
  return {
    after({ callId, seq, type }: LiveEvent): void {
      const isRecorded = seq !== null || type === 'turn' || type === 'call.state';
      if (!isRecorded) return;
      one.run(callId, () => readAnew('one', callId));
      if (type === 'turn') return;
      lists.run('live', () => readAnew('live'));
      lists.run('history', () => readAnew('history'));
    },
    all: () => readAnew(),
    close(): void {
      lists.close();
      one.close();
    },
  };
}

const nothing = () => () => {};

/** Whether what is shown is up to date. */
export function useFeedState(): FeedState {
  const feed = useContext(LiveContext);
  return useSyncExternalStore(feed?.watch ?? nothing, feed?.state ?? (() => 'connecting'));
}

/** Hears of what happens while the page is open; `listener` must be the same from one drawing to the next. */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  const feed = useContext(LiveContext);
  useEffect(() => feed?.listen(listener), [feed, listener]);
}

/** What is being said in this call just now. */
export function useSpokenWords(callId: string): SpokenWords | undefined {
  const feed = useContext(LiveContext);
  return useSyncExternalStore(feed?.watch ?? nothing, () => feed?.spoken().get(callId));
}

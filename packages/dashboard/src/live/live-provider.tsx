import type { LiveEvent } from '@rapida/client';
import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from 'react';
import { browserClock } from '../clock.js';
import { isSignedOut } from '../data/query-client.js';
import { useServer } from '../data/server.js';
import { useMay } from '../data/session.js';
import { SESSION_KEY } from '../data/session-key.js';
import { type FeedState, LiveFeed } from './live-feed.js';
import { type CallNews, createRefresh, type Refresh } from './refresh.js';
import type { SpokenWords } from './spoken-words.js';

interface Live {
  readonly feed: LiveFeed;
  readonly refresh: Refresh;
}

const LiveContext = createContext<Live | undefined>(undefined);

/** Keeps the one stream open while somebody is signed in who may see calls, and what the pages have read up to date. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const { url } = useServer();
  const client = useQueryClient();
  const mayWatch = useMay('calls');
  const [live, setLive] = useState<Live>();
  useEffect(() => {
    if (!mayWatch) return;
    const refresh = createRefresh(client, browserClock);
    const feed = new LiveFeed({
      ...{ url, fetch: (input, init) => fetch(input, init), clock: browserClock },
      ...{ onEvent: refresh.after, onOpen: refresh.all },
      onFailure: (error) => {
        if (isSignedOut(error)) client.setQueryData(SESSION_KEY, null);
      },
    });
    setLive({ feed, refresh });
    return () => {
      setLive(undefined);
      feed.close();
      refresh.close();
    };
  }, [url, client, mayWatch]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

const nothing = () => () => {};

/** Whether what is shown is up to date; undefined: nobody here may see calls, or nobody has begun. */
export function useFeedState(): FeedState | undefined {
  const feed = useContext(LiveContext)?.feed;
  return useSyncExternalStore(feed?.watch ?? nothing, () => feed?.state());
}

const SILENCE: readonly SpokenWords[] = [];

/** What was said last in this call, the newest at the end. */
export function useSpokenLines(callId: string): readonly SpokenWords[] {
  const feed = useContext(LiveContext)?.feed;
  return useSyncExternalStore(feed?.watch ?? nothing, () => feed?.spoken(callId) ?? SILENCE);
}

/** Hears of what happens while the page is open; `listener` must be the same from one drawing to the next. */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  const feed = useContext(LiveContext)?.feed;
  useEffect(() => feed?.listen(listener), [feed, listener]);
}

/** What is being said in this call just now. */
export function useSpokenWords(callId: string): SpokenWords | undefined {
  return useSpokenLines(callId).at(-1);
}

/** Runs, not too often, when calls have come, changed or ended. */
export function useCallNews(onNews: (news: CallNews) => void): void {
  const refresh = useContext(LiveContext)?.refresh;
  const tell = useEffectEvent(onNews);
  useEffect(() => refresh?.watch((news) => tell(news)), [refresh]);
}

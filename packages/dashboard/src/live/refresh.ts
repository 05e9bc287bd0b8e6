import type { LiveEvent } from '@rapida/client';
import type { QueryClient } from '@tanstack/react-query';
import type { BrowserClock } from '../clock.js';
import { CALLS } from '../data/calls.js';
import { createThrottle } from './throttle.js';

/** Lists are read anew at most this often, however much happens. */
const LISTS_MS = 2_000;
/** The call that is looked at. */
const CALL_MS = 400;

/** `begun`: from now on it is told; `changed`: calls have come, changed or ended, or may have while nobody told. */
export type CallNews = 'begun' | 'changed';

/** Keeps what the pages have read of calls up to date. */
export interface Refresh {
  after(event: LiveEvent): void;
  /** Events arrive from now on: something may have happened before that nobody told. */
  all(): void;
  /** Told, not too often. What is returned ends it. */
  watch(watcher: (news: CallNews) => void): () => void;
  /** Calling it twice is safe. */
  close(): void;
}

export function createRefresh(client: QueryClient, clock: BrowserClock): Refresh {
  const lists = createThrottle(clock, LISTS_MS);
  const one = createThrottle(clock, CALL_MS);
  const watchers = new Set<(news: CallNews) => void>();
  let hasBegun = false;
  const listsChanged = (news: CallNews): void => {
    lists.run('live', () => readAnew(client, 'live'));
    lists.run('watchers', async () => {
      for (const watcher of watchers) watcher(news);
    });
  };
  return {
    after({ callId, seq, type }) {
      const isRecorded = seq !== null || type === 'turn' || type === 'call.state';
      if (!isRecorded) return;
      one.run(callId, () => readAnew(client, 'one', callId));
      if (type !== 'turn') listsChanged('changed');
    },
    all() {
      one.run('all', () => readAnew(client, 'one'));
      listsChanged(hasBegun ? 'changed' : 'begun');
      hasBegun = true;
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    close() {
      lists.close();
      one.close();
      watchers.clear();
    },
  };
}

/**
 * A read that is under way may have been answered before the change. It is begun anew: invalidating does that only where
 * something was read before.
 */
async function readAnew(client: QueryClient, ...key: readonly string[]): Promise<void> {
  const queryKey = [...CALLS, ...key];
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}

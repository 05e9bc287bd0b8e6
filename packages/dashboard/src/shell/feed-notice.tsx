import type { FeedState } from '../live/live-feed.js';
import { useFeedState } from '../live/live-provider.js';
import { classNames } from '../ui/class-names.js';

const WORDS: Readonly<Record<FeedState, string>> = {
  open: 'Live',
  connecting: 'Connecting...',
  lost: 'Not live: connecting again...',
  away: 'Not live: the server is away',
};

/** Whether what is shown is what is. */
export function FeedNotice() {
  const state = useFeedState();
  if (state === undefined) return null;
  return (
    <p role="status" className="flex items-center gap-1.5">
      <span
        aria-hidden="true"
        className={classNames('size-2 rounded-full', state === 'open' ? 'bg-good' : 'bg-warn')}
      />
      {WORDS[state]}
    </p>
  );
}

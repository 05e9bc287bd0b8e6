import { useBeganBehind } from '../../data/call-history.js';
import { Button } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { type HistoryFilter, searchedIn } from './history-filter.js';
import type { HistoryReading } from './use-history-reading.js';

interface SearchReachProps {
  readonly found: number;
  readonly reading: HistoryReading;
  readonly filter: HistoryFilter;
}

/** How much was found and how far was looked; goes on when it is asked to. */
export function SearchReach({ found, reading, filter }: SearchReachProps) {
  const { isReading, cursor, error, further } = reading;
  const stopped = !isReading && error === null && cursor !== undefined;
  const { data: beganBehind } = useBeganBehind(searchedIn(filter), stopped ? cursor : undefined);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-3">
      <p role="status">
        {found === 0 ? 'Nothing found so far.' : `${found} ${found === 1 ? 'call' : 'calls'} found.`}{' '}
        {isReading && 'Looking further back...'}
        {!isReading && cursor === undefined && 'All calls were looked into.'}
        {stopped && beganBehind != null && (
          <>
            The calls after <Moment at={beganBehind} /> were looked into.
          </>
        )}
      </p>
      {stopped && <Button onClick={further}>Look further</Button>}
    </div>
  );
}

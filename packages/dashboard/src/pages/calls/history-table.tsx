import type { Call } from '@rapida/client';
import type { ReactNode } from 'react';
import { useAssistantNames } from '../../data/assistants.js';
import { Button } from '../../ui/button.js';
import { Empty, Failure, Loading } from '../../ui/states.js';
import { VirtualTable } from '../../ui/virtual-table.js';
import { assistantColumn, ENDED_COLUMN, LENGTH_COLUMN, STATE_COLUMN, WHEN_COLUMN, WHO_COLUMN } from './columns.js';
import { type HistoryFilter, isSearch } from './history-filter.js';
import { SearchReach } from './search-reach-notice.js';
import { type HistoryReading, useHistoryReading } from './use-history-reading.js';

const keyOf = ({ id }: Call) => id;

interface HistoryTableProps {
  readonly filter: HistoryFilter;
  readonly onClear: () => void;
}

/** The calls of one filter. */
export function HistoryTable({ filter, onClear }: HistoryTableProps) {
  const reading = useHistoryReading(filter);
  const { calls, error, again } = reading;
  const isFiltered = Object.keys(filter).length > 0;
  const showAll = isFiltered && <Button onClick={onClear}>Show all calls</Button>;
  if (calls === undefined && error === null) return <Loading what="the history" />;
  return (
    <>
      {reading.hasNews && (
        <div className="mb-2 flex flex-wrap items-center gap-3">
          <p role="status">Calls have come or ended since this was read.</p>
          <Button onClick={reading.fromTheTop}>Read it anew</Button>
        </div>
      )}
      {error !== null && (
        <div className="mb-3 flex flex-col items-start gap-2">
          <Failure error={error} onRetry={again} />
          {showAll}
        </div>
      )}
      {calls !== undefined &&
        (isSearch(filter) ? (
          <SearchResult calls={calls} reading={reading} filter={filter} showAll={showAll} />
        ) : (
          <AllOfThem calls={calls} reading={reading} showAll={showAll} />
        ))}
    </>
  );
}

interface ResultProps {
  readonly calls: readonly Call[];
  readonly reading: HistoryReading;
  /** A button, where they are filtered. */
  readonly showAll: ReactNode;
}

function AllOfThem({ calls, reading, showAll }: ResultProps) {
  if (calls.length === 0) {
    return showAll === false ? (
      <Empty title="There were no calls yet.">
        <p>Calls stay here when they have ended.</p>
      </Empty>
    ) : (
      <Empty title="No call is like that.">{showAll}</Empty>
    );
  }
  return (
    <>
      <p role="status" className="mb-2 text-muted">
        {calls.length}
        {reading.cursor !== undefined && ' newest'} {calls.length === 1 ? 'call' : 'calls'}
      </p>
      <CallTable calls={calls} onEnd={reading.more} />
    </>
  );
}

/** What was found so far, and how far was looked. */
function SearchResult({ calls, reading, filter, showAll }: ResultProps & { readonly filter: HistoryFilter }) {
  const isOver = reading.cursor === undefined && !reading.isReading;
  if (calls.length === 0 && isOver) return <Empty title="No call is like that.">{showAll}</Empty>;
  return (
    <>
      <SearchReach found={calls.length} reading={reading} filter={filter} />
      {calls.length > 0 && <CallTable calls={calls} />}
    </>
  );
}

function CallTable({ calls, onEnd }: { readonly calls: readonly Call[]; readonly onEnd?: () => void }) {
  const names = useAssistantNames();
  const columns = [STATE_COLUMN, WHO_COLUMN, LENGTH_COLUMN, assistantColumn(names), WHEN_COLUMN, ENDED_COLUMN];
  return (
    <VirtualTable
      caption="Calls, newest first"
      columns={columns}
      items={calls}
      keyOf={keyOf}
      {...(onEnd !== undefined && { onEnd })}
    />
  );
}

import type { Call } from '@rapida/client';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useAssistantNames } from '../../data/assistants.js';
import { useCallHistory } from '../../data/calls.js';
import { Button } from '../../ui/button.js';
import { Empty, Failure, Loading } from '../../ui/states.js';
import { VirtualTable } from '../../ui/virtual-table.js';
import { assistantColumn, ENDED_COLUMN, LENGTH_COLUMN, STATE_COLUMN, WHEN_COLUMN, whoColumn } from './columns.js';
import { type FilterName, filterFrom } from './history-filter.js';
import { HistoryFilters } from './history-filters.js';

const keyOf = ({ id }: Call) => id;

export function HistoryList() {
  const [params, setParams] = useSearchParams();
  const change = (name: FilterName, value: string) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        next.set('view', 'history');
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const clear = () => setParams({ view: 'history' }, { replace: true });
  return (
    <>
      <HistoryFilters params={params} onChange={change} onClear={clear} />
      <HistoryTable params={useDeferredValue(params)} onClear={clear} />
    </>
  );
}

interface HistoryTableProps {
  readonly params: URLSearchParams;
  readonly onClear: () => void;
}

function HistoryTable({ params, onClear }: HistoryTableProps) {
  const filter = useMemo(() => filterFrom(params), [params]);
  const history = useCallHistory(filter);
  const names = useAssistantNames();
  const calls = useMemo(() => history.data?.pages.flatMap(({ data }) => data) ?? [], [history.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = history;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (history.data === undefined) {
    return history.error === null ? (
      <Loading what="the history" />
    ) : (
      <Failure error={history.error} onRetry={history.refetch} />
    );
  }
  if (calls.length === 0) {
    const isFiltered = Object.keys(filter).length > 0;
    return (
      <Empty title={isFiltered ? 'No call is like that.' : 'There were no calls yet.'}>
        {isFiltered ? <Button onClick={onClear}>Show all calls</Button> : <p>Calls stay here when they have ended.</p>}
      </Empty>
    );
  }
  const columns = [STATE_COLUMN, whoColumn(), LENGTH_COLUMN, assistantColumn(names), WHEN_COLUMN, ENDED_COLUMN];
  return (
    <>
      <p role="status" className="mb-2 text-muted">
        {calls.length}
        {hasNextPage && ' newest'} {calls.length === 1 ? 'call' : 'calls'}
      </p>
      <VirtualTable caption="Calls, newest first" columns={columns} items={calls} keyOf={keyOf} onEnd={more} />
    </>
  );
}

import { useCallback, useDeferredValue, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type FilterName, filterFrom } from './history-filter.js';
import { HistoryFilters } from './history-filters.js';
import { HistoryTable } from './history-table.js';

/** All calls, or those that the address of the page asks for. */
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
  const clear = useCallback(() => setParams({ view: 'history' }, { replace: true }), [setParams]);
  const shown = useDeferredValue(params);
  const filter = useMemo(() => filterFrom(shown), [shown]);
  return (
    <>
      <HistoryFilters params={params} onChange={change} onClear={clear} />
      <HistoryTable key={JSON.stringify(filter)} filter={filter} onClear={clear} />
    </>
  );
}

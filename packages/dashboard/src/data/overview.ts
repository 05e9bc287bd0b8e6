import type { OverviewFigures, OverviewQuery } from '@rapida/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useServer } from './server.js';

/** Half of the turns were answered within p50, all but one of twenty within p95. */
export type Percentiles = NonNullable<OverviewFigures['totals']['responseMs']>['parts'][string];

export type OverviewAsked = Required<Pick<OverviewQuery, 'since' | 'until' | 'bucket'>>;

const LOOK_MS = 30_000;

export function useOverview(asked: OverviewAsked) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: ['overview', asked],
    queryFn: ({ signal }) => rapida.overview.get(asked, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  });
}

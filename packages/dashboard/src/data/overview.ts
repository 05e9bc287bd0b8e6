import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useServer } from './server.js';

/** Half of the turns were answered within p50, all but one of twenty within p95. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface Figures {
  readonly calls: number;
  /** By final state. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What follows is about so many of them: the newest ones of each bucket. */
  readonly detailed: number;
  /** Null: no turn was answered. */
  readonly responseMs: (Percentiles & { readonly parts: Readonly<Record<string, Percentiles>> }) | null;
  readonly interruptions: number;
  readonly providerErrors: number;
}

export interface Overview {
  readonly since: string;
  readonly until: string;
  readonly bucket: 'hour' | 'day';
  readonly buckets: readonly (Figures & { readonly at: string })[];
  readonly totals: Figures;
  /** `limit` 0: none. */
  readonly now: { readonly calls: number; readonly limit: number };
  readonly providers: readonly { readonly provider: string; readonly kind: string; readonly errors: number }[];
}

export interface OverviewAsked {
  readonly since: string;
  readonly until: string;
  readonly bucket: 'hour' | 'day';
}

const LOOK_MS = 30_000;

export function useOverview({ since, until, bucket }: OverviewAsked) {
  const { requests } = useServer();
  return useQuery({
    queryKey: ['overview', since, until, bucket],
    queryFn: ({ signal }) =>
      requests.json<Overview>('GET', '/v1/overview', { query: { since, until, bucket }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  });
}

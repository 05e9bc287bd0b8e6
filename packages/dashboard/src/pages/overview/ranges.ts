import type { OverviewAsked } from '../../data/overview.js';

export const RANGES = ['day', 'week', 'month'] as const;
export type Range = (typeof RANGES)[number];

const HOUR_MS = 3_600_000;

const SPANS: Readonly<Record<Range, { readonly hours: number; readonly bucket: OverviewAsked['bucket'] }>> = {
  day: { hours: 24, bucket: 'hour' },
  week: { hours: 7 * 24, bucket: 'day' },
  month: { hours: 30 * 24, bucket: 'day' },
};

/** Up to the end of the hour that runs, so that what is asked stays the same for as long. */
export function askedFor(range: Range, nowMs: number): OverviewAsked {
  const { hours, bucket } = SPANS[range];
  const untilMs = Math.ceil((nowMs + 1) / HOUR_MS) * HOUR_MS;
  return {
    since: new Date(untilMs - hours * HOUR_MS).toISOString(),
    until: new Date(untilMs).toISOString(),
    bucket,
  };
}

/** The calls behind a figure. */
export function callsLink(
  { since, until }: Pick<OverviewAsked, 'since' | 'until'>,
  more: Readonly<Record<string, string>> = {},
): string {
  return `/calls?${new URLSearchParams({ view: 'history', since, until, ...more }).toString()}`;
}

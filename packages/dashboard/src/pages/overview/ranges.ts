import type { OverviewAsked } from '../../data/overview.js';

export const RANGES = ['day', 'week', 'month'] as const;
export type Range = (typeof RANGES)[number];

const HOUR_MS = 3_600_000;

const DAYS: Readonly<Record<Exclude<Range, 'day'>, number>> = { week: 7, month: 30 };

/**
 * Up to the end of the hour that runs, so that what is asked stays the same for as long; days begin at the viewer's midnight,
 * as it was on the first of them.
 */
export function askedFor(range: Range, nowMs: number): OverviewAsked {
  const untilMs = Math.ceil((nowMs + 1) / HOUR_MS) * HOUR_MS;
  const since = range === 'day' ? new Date(untilMs - 24 * HOUR_MS) : midnightBefore(nowMs, DAYS[range] - 1);
  return {
    since: since.toISOString(),
    until: new Date(untilMs).toISOString(),
    bucket: range === 'day' ? 'hour' : 'day',
  };
}

function midnightBefore(nowMs: number, days: number): Date {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
}

/** The calls behind a figure. */
export function callsLink(
  { since, until }: Pick<OverviewAsked, 'since' | 'until'>,
  more: Readonly<Record<string, string>> = {},
): string {
  return `/calls?${new URLSearchParams({ view: 'history', since, until, ...more }).toString()}`;
}

import type { CallFilter } from '@rapida/client';

/** Names in the address of the page, so that a filter can be linked to and comes back with the page. */
export const FILTER_NAMES = [
  ...(['state', 'direction', 'assistantId', 'from', 'to', 'since', 'until', 'live'] as const),
  ...(['text', 'interrupted', 'event', 'slowerThanMs'] as const),
];
export type FilterName = (typeof FILTER_NAMES)[number];

/** Asked of what was said and what happened: the server looks for them in so many calls at a time. */
export const SEARCH_NAMES: readonly FilterName[] = ['text', 'interrupted', 'event', 'slowerThanMs'];

export type HistoryFilter = Omit<CallFilter, 'cursor' | 'limit'>;

/**
 * What the address says; an empty name is none, and days are those of the viewer. What is no moment or no number goes to the
 * server as it is, which says so: a filter that is left out shows calls that nobody asked for.
 */
export function filterFrom(params: URLSearchParams): HistoryFilter {
  const given = FILTER_NAMES.flatMap((name) => {
    const value = params.get(name)?.trim() ?? '';
    return value === '' ? [] : [[name, isMoment(name) ? momentOf(name, value) : value] as const];
  });
  return Object.fromEntries(given);
}

export function isSearch(filter: HistoryFilter): boolean {
  return SEARCH_NAMES.some((name) => filter[name] !== undefined);
}

/** The calls that a search looks into. */
export function searchedIn(filter: HistoryFilter): HistoryFilter {
  const without = Object.entries(filter).filter(([name]) => !SEARCH_NAMES.includes(name as FilterName));
  return Object.fromEntries(without);
}

function isMoment(name: FilterName): boolean {
  return name === 'since' || name === 'until';
}

/** A day is its beginning, or for `until` its end; a moment is itself. */
function momentOf(name: FilterName, value: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  if (year === undefined) return Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString();
  const next = name === 'until' ? 1 : 0;
  return new Date(Number(year), Number(month) - 1, Number(day) + next).toISOString();
}

/** For the field of a moment: to the minute, in the viewer's zone. Empty where there is none. */
export function fieldOf(name: 'since' | 'until', value: string | null): string {
  const at = new Date(momentOf(name, value?.trim() ?? ''));
  if (Number.isNaN(at.getTime())) return '';
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

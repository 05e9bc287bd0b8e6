import type { CallFilter } from '@rapida/client';

/** Names in the address of the page, so that a filter can be linked to and comes back with the page. */
export const FILTER_NAMES = ['state', 'direction', 'assistantId', 'from', 'since', 'until', 'text'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

export type HistoryFilter = Omit<CallFilter, 'cursor' | 'limit'> & { readonly text?: string };

/** What the address says; an empty name is none, and days are those of the viewer. */
export function filterFrom(params: URLSearchParams): HistoryFilter {
  const given = FILTER_NAMES.flatMap((name) => {
    const value = params.get(name)?.trim() ?? '';
    return value === '' ? [] : [[name, isMoment(name) ? momentOf(name, value) : value] as const];
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function isMoment(name: FilterName): boolean {
  return name === 'since' || name === 'until';
}

/** A day is its beginning, or for `until` its end; a moment is itself. */
function momentOf(name: FilterName, value: string): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  if (year === undefined) return Number.isNaN(Date.parse(value)) ? undefined : new Date(value).toISOString();
  const next = name === 'until' ? 1 : 0;
  return new Date(Number(year), Number(month) - 1, Number(day) + next).toISOString();
}

/** For the field of a day. */
export function dayOf(value: string | null): string {
  if (value === null || value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value)) return value ?? '';
  if (Number.isNaN(Date.parse(value))) return '';
  const at = new Date(value);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

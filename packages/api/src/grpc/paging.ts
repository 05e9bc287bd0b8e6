import { CALL_STATES, type CallFilter, type CallRecord, type Page, RapidaError } from '@rapida/core';
import type { Criteria, Ordering, Paginate } from '../../proto/gen/common_pb.js';

export interface Wanted {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE_DEFAULT = 20;
const PAGE_SIZE_MAX = 200;
/** Calls are found by walking from the newest: how far a page may make it walk. */
const REACH_MAX = 10_000;

/** Zero is what proto3 sends for a number that was left out. */
export function wantedPage(paginate: Paginate | undefined): Wanted {
  const page = paginate?.page || 1;
  const pageSize = paginate?.pageSize || PAGE_SIZE_DEFAULT;
  if (pageSize > PAGE_SIZE_MAX) {
    throw new RapidaError('invalid_request', `paginate.pageSize: 1 to ${PAGE_SIZE_MAX}.`);
  }
  if (page * pageSize > REACH_MAX) {
    const text = `paginate.page: pages reach back to the newest ${REACH_MAX}; GET /v1/calls goes further.`;
    throw new RapidaError('invalid_request', text);
  }
  return { page, pageSize };
}

export interface Found<T> {
  readonly items: readonly T[];
  /** Exact where the walk met the end of the list; else what it passed, and one for what is behind. */
  readonly totalItem: number;
}

/** A numbered page of a list that only knows cursors. */
export async function walkTo(
  { page, pageSize }: Wanted,
  list: (limit: number, cursor: string | null) => Promise<Page<CallRecord>>,
): Promise<Found<CallRecord>> {
  const first = (page - 1) * pageSize;
  const end = first + pageSize;
  const items: CallRecord[] = [];
  let passed = 0;
  let cursor: string | null = null;
  do {
    const { data, nextCursor }: Page<CallRecord> = await list(Math.min(PAGE_SIZE_MAX, end - passed), cursor);
    items.push(...data.slice(Math.max(0, first - passed)));
    passed += data.length;
    cursor = data.length === 0 ? null : nextCursor;
  } while (cursor !== null && passed < end);
  return { items, totalItem: cursor === null ? passed : passed + 1 };
}

export function pageOf<T>({ page, pageSize }: Wanted, all: readonly T[]): Found<T> {
  return { items: all.slice((page - 1) * pageSize, page * pageSize), totalItem: all.length };
}

const EQUALS: ReadonlySet<string> = new Set(['', '=', '==', 'eq']);

/** Each of `criterias` as key and value; only equality is known. */
function equalities(criterias: readonly Criteria[]): readonly (readonly [string, string])[] {
  return criterias.map(({ key, value, logic }) => {
    if (EQUALS.has(logic)) return [key, value] as const;
    throw new RapidaError('invalid_request', `criterias: the logic "${logic}" of "${key}" is not known; use "=".`);
  });
}

export function callFilter(assistantId: string, criterias: readonly Criteria[]): CallFilter {
  let filter: CallFilter = assistantId === '0' ? {} : { assistantId };
  for (const [key, value] of equalities(criterias)) {
    if (key === 'state' || key === 'status') filter = { ...filter, state: oneOf(CALL_STATES, key, value) };
    else if (key === 'direction') filter = { ...filter, direction: oneOf(['inbound', 'outbound'], key, value) };
    else if (key === 'from') filter = { ...filter, from: value };
    else throw unknownKey(key, 'state, direction, from');
  }
  return filter;
}

export function roleFilter(criterias: readonly Criteria[]): readonly ('user' | 'assistant')[] {
  let roles: readonly ('user' | 'assistant')[] = ['user', 'assistant'];
  for (const [key, value] of equalities(criterias)) {
    if (key !== 'role') throw unknownKey(key, 'role');
    const role = oneOf(['user', 'assistant'], key, value);
    roles = roles.filter((other) => other === role);
  }
  return roles;
}

/** Whether the newest comes first; turns are in the order of time unless asked otherwise. */
export function isDescending(ordering: Ordering | undefined): boolean {
  const { column = '', order = '' } = ordering ?? {};
  if (!['', 'id', 'createdDate', 'created_date'].includes(column)) {
    throw new RapidaError('invalid_request', `order.column: "${column}" is not known; use createdDate.`);
  }
  return oneOf(['', 'asc', 'desc'], 'order', order.toLowerCase()) === 'desc';
}

function oneOf<const T extends string>(known: readonly T[], key: string, value: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined) {
    throw new RapidaError('invalid_request', `${key}: "${value}" is none of ${known.filter(Boolean).join(', ')}.`);
  }
  return found;
}

function unknownKey(key: string, known: string): RapidaError {
  return new RapidaError('invalid_request', `criterias: the key "${key}" is not known; known are ${known}.`);
}

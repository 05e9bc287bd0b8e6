import { type Page, RapidaError } from '@rapida/core';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { Tables } from './tables.js';

/**
 * Lists run by (created_at_ms, id), newest first, and a cursor is the place of the last row seen. So a page costs the
 * same however deep it lies, and rows made meanwhile neither repeat a row nor push one past the reader.
 */
export interface Place {
  readonly created_at_ms: number;
  readonly id: string;
}

export const CURSOR_UNKNOWN = 'cursor: not one that a list of this server returned';
const ROWS_MAX = 200;
const CURSOR_CHARS_MAX = 100;
const PLACE = /^(-?[0-9]{1,16}(?:\.[0-9]{1,25})?):([0-9]{20})$/;

/** 1 to 200 rows, whatever was asked for. */
export function pageSize(limit: number): number {
  return Number.isNaN(limit) ? ROWS_MAX : Math.min(ROWS_MAX, Math.max(1, Math.trunc(limit)));
}

/** Fails with `invalid_request` on anything {@link toPage} did not make. */
export function readCursor(cursor: string): Place {
  const text = cursor.length <= CURSOR_CHARS_MAX ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  const [, createdAtMs, id] = PLACE.exec(text) ?? [];
  if (createdAtMs === undefined || id === undefined || writeCursor(text) !== cursor) {
    throw new RapidaError('invalid_request', CURSOR_UNKNOWN);
  }
  return { created_at_ms: Number(createdAtMs), id };
}

/** After this row. */
export function cursorAfter({ created_at_ms, id }: Place): string {
  return writeCursor(`${created_at_ms}:${id}`);
}

/**
 * One page of a query that has its conditions and no order yet: newest first, after the place that `cursor` names. Fails as
 * {@link readCursor} does.
 */
export async function readPage<Table extends keyof Tables, Row extends Place, T>(
  query: SelectQueryBuilder<Tables, Table, Row>,
  limit: number,
  cursor: string | null,
  toRecord: (row: Row) => T,
): Promise<Page<T>> {
  const size = pageSize(limit);
  let ordered = query.orderBy(sql.ref('created_at_ms'), 'desc').orderBy(sql.ref('id'), 'desc');
  if (cursor !== null) {
    const last = readCursor(cursor);
    ordered = ordered.where(sql<boolean>`(created_at_ms, id) < (${last.created_at_ms}, ${last.id})`);
  }
  return toPage(await ordered.limit(size + 1).execute(), size, toRecord);
}

/** `rows` are up to one more than `size`: the one too many tells that there is a next page. */
export function toPage<Row extends Place, T>(rows: readonly Row[], size: number, toRecord: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const more = rows.length > size && last !== undefined;
  return {
    data: shown.map(toRecord),
    nextCursor: more ? cursorAfter(last) : null,
  };
}

function writeCursor(place: string): string {
  return Buffer.from(place, 'latin1').toString('base64url');
}

import type { CallPartsFilter, CallRecord, Page } from '@rapida/core';
import type { Kysely, Selectable } from 'kysely';
import { cursorAfter, pageSize } from '../database/paging.js';
import { toStoredId } from '../database/stored-id.js';
import type { CallTurnTable, Tables } from '../database/tables.js';

/** Calls looked into for one page: an embedded database answers on the loop that carries the sound. */
export const SEARCHED_MAX = 500;
/** At once. */
const CHUNK = 100;

export type ReadCalls = (size: number, cursor: string | null) => Promise<Page<CallRecord>>;

/**
 * What was said is looked for here and not by the database: so that small and capital letters are the same in every alphabet
 * and with every database.
 */
export async function search(
  db: Kysely<Tables>,
  read: ReadCalls,
  parts: CallPartsFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<CallRecord>> {
  const size = pageSize(limit);
  const found: CallRecord[] = [];
  let from = cursor;
  for (let searched = 0; searched < SEARCHED_MAX; searched += CHUNK) {
    const { data, nextCursor } = await read(CHUNK, from);
    const matching = await withParts(db, data, parts);
    const taken = matching.slice(0, size - found.length);
    found.push(...taken);
    const last = taken.at(-1);
    if (found.length === size && last !== undefined) {
      const isLast = nextCursor === null && last.id === data.at(-1)?.id;
      return { data: found, nextCursor: isLast ? null : placeOf(last) };
    }
    from = nextCursor;
    if (from === null) break;
  }
  return { data: found, nextCursor: from };
}

function placeOf({ id, createdAtMs }: CallRecord): string {
  return cursorAfter({ created_at_ms: createdAtMs, id: toStoredId(id) });
}

async function withParts(
  db: Kysely<Tables>,
  calls: readonly CallRecord[],
  { text, interrupted, event, slowerThanMs }: CallPartsFilter,
): Promise<CallRecord[]> {
  if (calls.length === 0) return [];
  const ids = calls.map(({ id }) => toStoredId(id));
  const asked: ReadonlySet<string>[] = [];
  if (text !== undefined || interrupted || slowerThanMs !== undefined) {
    const turns = await db
      .selectFrom('call_turns')
      .select(['call_id', 'text', 'interrupted', 'metrics'])
      .where('call_id', 'in', ids)
      .execute();
    const callsWith = (has: (turn: Turn) => boolean) => new Set(turns.filter(has).map((turn) => turn.call_id));
    const wanted = text?.toLowerCase();
    if (wanted !== undefined) asked.push(callsWith((turn) => turn.text.toLowerCase().includes(wanted)));
    if (interrupted) asked.push(callsWith((turn) => turn.interrupted === 1));
    if (slowerThanMs !== undefined) asked.push(callsWith((turn) => isSlow(turn, slowerThanMs)));
  }
  if (event !== undefined) {
    const query = db.selectFrom('call_events').select('call_id').where('call_id', 'in', ids).where('type', '=', event);
    asked.push(new Set((await query.execute()).map(({ call_id }) => call_id)));
  }
  return calls.filter((_, index) => asked.every((some) => some.has(ids[index] ?? '')));
}

type Turn = Pick<Selectable<CallTurnTable>, 'call_id' | 'text' | 'interrupted' | 'metrics'>;

function isSlow({ metrics }: Turn, thanMs: number): boolean {
  const { response_latency_ms: ms } = JSON.parse(metrics) as { response_latency_ms?: number };
  return ms !== undefined && ms >= thanMs;
}

import { CALL_STATES, type CallFilter, type CallStore, type EntityId, FINAL_STATES, RapidaError } from '@rapida/core';
import { type Kysely, type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { pageSize, readCursor, toPage } from '../database/paging.js';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { type Queue, queue } from './queue.js';
import { callToRow, patchToColumns, rowToCall, rowToEvent, rowToMetric, rowToTurn } from './rows.js';

const UNFINISHED_STATES = CALL_STATES.filter((state) => !FINAL_STATES.includes(state));

/** Writes to a call that does not exist fail with `call_not_found`, all else that goes wrong with `store_failed`. */
export function createSqlCallStore({ kysely: db }: Database): CallStore {
  return reportFailures<CallStore>('calls', { ...records(db), ...queue(db), ...parts(db) });
}

type Records = Pick<CallStore, 'create' | 'get' | 'getByContext' | 'list' | 'transition' | 'patch' | 'unfinished'>;

function records(db: Kysely<Tables>): Records {
  return {
    async create(call) {
      await db.insertInto('calls').values(callToRow(call)).execute();
    },

    async get(projectId, id) {
      const query = db.selectFrom('calls').selectAll().where('id', '=', toStoredId(id));
      const row = await query.where('project_id', '=', toStoredId(projectId)).executeTakeFirst();
      return row && rowToCall(row);
    },

    async getByContext(contextId) {
      const row = await db.selectFrom('calls').selectAll().where('context_id', '=', contextId).executeTakeFirst();
      return row && rowToCall(row);
    },

    async list(projectId, filter, limit, cursor) {
      const size = pageSize(limit);
      const all = db.selectFrom('calls').selectAll().where('project_id', '=', toStoredId(projectId));
      let query = matching(all, filter)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(size + 1);
      if (cursor !== null) {
        const last = readCursor(cursor);
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at_ms', 'id'), '<', tuple(last.created_at_ms, last.id)),
        );
      }
      return toPage(await query.execute(), size, rowToCall);
    },

    async transition(id, from, state, patch) {
      if (from.length === 0) return false;
      const update = db.updateTable('calls').set({ ...patchToColumns(patch), state });
      const { numUpdatedRows } = await update
        .where('id', '=', toStoredId(id))
        .where('state', 'in', from)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    async patch(id, patch) {
      const columns = patchToColumns(patch);
      if (Object.keys(columns).length === 0) return;
      const update = db.updateTable('calls').set(columns).where('id', '=', toStoredId(id));
      const { numUpdatedRows } = await update.executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) throw new RapidaError('call_not_found');
    },

    async unfinished(nodeId) {
      const query = db.selectFrom('calls').selectAll().where('node_id', '=', nodeId);
      const rows = await query.where('state', 'in', UNFINISHED_STATES).orderBy('created_at_ms').orderBy('id').execute();
      return rows.map(rowToCall);
    },
  };
}

/**
 * Only the narrowest filter may choose an index. Left to itself the planner takes any, and where that one holds nearly all
 * calls (`direction`) it reads a project's whole history to find a few, on the loop that carries the sound.
 */
function matching<Output>(query: SelectQueryBuilder<Tables, 'calls', Output>, filter: CallFilter) {
  const { state, assistantId, direction, from, sinceMs, untilMs } = filter;
  const narrowestFirst = [
    ['from_number', from],
    ['state', state],
    ['assistant_id', assistantId === undefined ? undefined : toStoredId(assistantId)],
    ['direction', direction],
  ] as const;
  let matched = query;
  let indexed = false;
  for (const [column, value] of narrowestFirst) {
    if (value === undefined) continue;
    matched = matched.where(indexed ? sql<string>`${sql.ref(column)} || ''` : column, '=', value);
    indexed = true;
  }
  return matched
    .$if(sinceMs !== undefined, (q) => q.where('created_at_ms', '>=', sinceMs ?? 0))
    .$if(untilMs !== undefined, (q) => q.where('created_at_ms', '<', untilMs ?? 0));
}

type Parts = Omit<CallStore, keyof Records | keyof Queue>;

function parts(db: Kysely<Tables>): Parts {
  return {
    appendEvent: (id, event) =>
      db.transaction().execute(async (transaction) => {
        const seq = await nextSeq(transaction, id, 'event_count');
        const { type, atMs, data } = event;
        const row = { call_id: toStoredId(id), seq, type, at_ms: atMs, data: JSON.stringify(data) };
        await transaction.insertInto('call_events').values(row).execute();
        return { seq, type, atMs, data };
      }),

    async events(id) {
      const query = db.selectFrom('call_events').selectAll().where('call_id', '=', toStoredId(id));
      return (await query.orderBy('seq').execute()).map(rowToEvent);
    },

    addTurn: (id, turn) =>
      db.transaction().execute(async (transaction) => {
        const seq = await nextSeq(transaction, id, 'turn_count');
        const row = {
          call_id: toStoredId(id),
          seq,
          role: turn.role,
          text: turn.text,
          start_ms: turn.startMs,
          end_ms: turn.endMs,
          interrupted: turn.interrupted ? 1 : 0,
          metrics: JSON.stringify(turn.metrics),
        };
        await transaction.insertInto('call_turns').values(row).execute();
      }),

    async turns(id) {
      const query = db.selectFrom('call_turns').selectAll().where('call_id', '=', toStoredId(id));
      return (await query.orderBy('seq').execute()).map(rowToTurn);
    },

    async setMetric(id, metric) {
      const value = JSON.stringify(metric.value);
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('call_metrics')
        .columns(['call_id', 'name', 'value'])
        .expression((eb) =>
          eb
            .selectFrom('calls')
            .select(['id', eb.val(metric.name).as('name'), eb.val(value).as('value')])
            .where('id', '=', toStoredId(id)),
        )
        .onConflict((conflict) => conflict.columns(['call_id', 'name']).doUpdateSet({ value }))
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) throw new RapidaError('call_not_found');
    },

    async metrics(id) {
      const query = db.selectFrom('call_metrics').selectAll().where('call_id', '=', toStoredId(id));
      return (await query.orderBy('name').execute()).map(rowToMetric);
    },
  };
}

/**
 * Counting in the call's own row locks it on every database, so that two writers never get the same number; and what
 * fails afterwards takes the number back with its transaction, so that none is missing.
 */
async function nextSeq(
  transaction: Transaction<Tables>,
  id: EntityId,
  counter: 'event_count' | 'turn_count',
): Promise<number> {
  const row = await transaction
    .updateTable('calls')
    .set(counter, (eb) => eb(counter, '+', 1))
    .where('id', '=', toStoredId(id))
    .returning(`${counter} as seq`)
    .executeTakeFirst();
  if (row === undefined) throw new RapidaError('call_not_found');
  return row.seq;
}

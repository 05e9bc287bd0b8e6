import { CALL_STATES, type CallFilter, type CallStore, type EntityId, FINAL_STATES, RapidaError } from '@rapida/core';
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { readPage } from '../database/paging.js';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import { type Events, events, type Live } from './events.js';
import { putMetric } from './metrics.js';
import { type Queue, queue } from './queue.js';
import { type Replays, replays } from './replay.js';
import { patchToColumns, rowToCall, rowToMetric, rowToTurn } from './rows.js';
import { type ReadCalls, search } from './search.js';
import { nextSeq } from './sequence.js';

const UNANALYSED_MAX = 2_000;
const UNFINISHED_STATES = CALL_STATES.filter((state) => !FINAL_STATES.includes(state));
const UNDER_WAY_STATES = UNFINISHED_STATES.filter((state) => state !== 'queued');

/**
 * Writes to a call that does not exist fail with `call_not_found`, all else that goes wrong with `store_failed`.
 * `newDeliveryId` names what events put into the outbox of the webhooks; what was stored is published on `live`.
 */
export function createSqlCallStore({ kysely: db }: Database, newDeliveryId: () => EntityId, live?: Live): CallStore {
  const writes = (over: Kysely<Tables>, told: Live | undefined) => ({
    ...records(over),
    ...events(over, newDeliveryId, told),
    ...parts(over),
  });
  const store = { ...writes(db, live), ...queue(db), ...replays(db, writes, live) };
  return reportFailures<CallStore>('calls', store);
}

type Records = Pick<CallStore, 'get' | 'getByContext' | 'list' | 'patch' | 'takeOver' | 'unfinished' | 'unanalysed'>;

function records(db: Kysely<Tables>): Records {
  return {
    async get(projectId, id) {
      const query = db.selectFrom('calls').selectAll().where('id', '=', toStoredId(id));
      const row = await query.where('project_id', '=', toStoredId(projectId)).executeTakeFirst();
      return row && rowToCall(row);
    },

    async getByContext(contextId) {
      const row = await db.selectFrom('calls').selectAll().where('context_id', '=', contextId).executeTakeFirst();
      return row && rowToCall(row);
    },

    list(projectId, filter, limit, cursor) {
      const own = toStoredId(projectId);
      const calls = db.selectFrom('calls').selectAll();
      const all = filter.live ? calls.where('id', 'in', unended(db, own)) : calls.where('project_id', '=', own);
      const read: ReadCalls = (size, from) => readPage(matching(all, filter), size, from, rowToCall);
      return filter.parts === undefined ? read(limit, cursor) : search(db, read, filter.parts, { limit, cursor });
    },

    async patch(id, patch, leg) {
      const columns = patchToColumns(patch);
      if (Object.keys(columns).length === 0) return;
      const update = db.updateTable('calls').set(columns).where('id', '=', toStoredId(id));
      const guarded = leg === undefined ? update : update.where('resumes', '=', leg);
      const { numUpdatedRows } = await guarded.executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n && leg === undefined) throw new RapidaError('call_not_found');
    },

    async takeOver(id, leg, nodeId) {
      const update = db.updateTable('calls').set({ resumes: leg, node_id: nodeId }).where('id', '=', toStoredId(id));
      const { numUpdatedRows } = await update
        .where('resumes', '=', leg - 1)
        .where('state', 'in', UNDER_WAY_STATES)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    async unanalysed(nodeId, limit) {
      const pending = db.selectFrom('calls').selectAll().where('analysis_state', '=', sql.lit('pending'));
      const rows = await pending
        .where('node_id', '=', nodeId)
        .orderBy('ended_at_ms')
        .orderBy('id')
        .limit(Math.min(UNANALYSED_MAX, Math.max(1, Math.trunc(limit))))
        .execute();
      return rows.map(rowToCall);
    },

    async unfinished(nodeId) {
      const query = db.selectFrom('calls').selectAll().where('node_id', '=', nodeId);
      const rows = await query.where('state', 'in', UNFINISHED_STATES).orderBy('created_at_ms').orderBy('id').execute();
      return rows.map(rowToCall);
    },
  };
}

/** By the index that has them by state, and not along the history of the project in search of the few that go on. */
function unended(db: Kysely<Tables>, projectId: string) {
  const query = db.selectFrom('calls').select('id').where('project_id', '=', projectId);
  return query.where('state', 'in', UNFINISHED_STATES);
}

/**
 * Only the narrowest filter may choose an index. Left to itself the planner takes any, and where that one holds nearly all
 * calls (`direction`) it reads a project's whole history to find a few, on the loop that carries the sound.
 */
function matching<Output>(query: SelectQueryBuilder<Tables, 'calls', Output>, filter: CallFilter) {
  const { state, assistantId, direction, from, to, sinceMs, untilMs, live } = filter;
  const narrowestFirst = [
    ['from_number', from],
    ['to_number', to],
    ['state', state],
    ['assistant_id', assistantId === undefined ? undefined : toStoredId(assistantId)],
    ['direction', direction],
  ] as const;
  let matched = query;
  // Found by their ids already.
  let indexed = live ?? false;
  for (const [column, value] of narrowestFirst) {
    if (value === undefined) continue;
    matched = matched.where(indexed ? sql<string>`${sql.ref(column)} || ''` : column, '=', value);
    indexed = true;
  }
  return matched
    .$if(sinceMs !== undefined, (q) => q.where('created_at_ms', '>=', sinceMs ?? 0))
    .$if(untilMs !== undefined, (q) => q.where('created_at_ms', '<', untilMs ?? 0));
}

type Parts = Omit<CallStore, keyof Records | keyof Queue | keyof Events | keyof Replays>;

function parts(db: Kysely<Tables>): Parts {
  return {
    addTurn: (id, turn) =>
      inTransaction(db, async (transaction) => {
        const { seq } = await nextSeq(transaction, id, 'turn_count');
        const row = {
          call_id: toStoredId(id),
          seq,
          role: turn.role,
          text: turn.text,
          start_ms: turn.startMs,
          end_ms: turn.endMs,
          interrupted: turn.interrupted ? 1 : 0,
          unheard: turn.unheard ?? null,
          metrics: JSON.stringify(turn.metrics),
        };
        await transaction.insertInto('call_turns').values(row).execute();
      }),

    async turns(id) {
      const query = db.selectFrom('call_turns').selectAll().where('call_id', '=', toStoredId(id));
      return (await query.orderBy('seq').execute()).map(rowToTurn);
    },

    setMetric: (id, metric) => putMetric(db, id, metric),

    async metrics(id) {
      const query = db.selectFrom('call_metrics').selectAll().where('call_id', '=', toStoredId(id));
      // Ordered here: databases differ in how they order text.
      return (await query.execute()).map(rowToMetric).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

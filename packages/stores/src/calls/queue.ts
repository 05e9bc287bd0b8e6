import type { CallRecord, CallStore, EntityId, OnceAnswer } from '@rapida/core';
import type { Kysely, Transaction } from 'kysely';
import { toStoredId, toStoredIds } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import { callToRow, rowToCall } from './rows.js';

export type Queue = Pick<CallStore, 'createAll' | 'answer' | 'forgetAnswers' | 'due' | 'queued'>;

const DUE_MAX = 200;
/** 2900 parameters in one statement: SQLite takes 32 766. A list of `due` may have 8192 ids, for the same reason. */
const ROWS_AT_ONCE = 100;

export function queue(db: Kysely<Tables>): Queue {
  return {
    createAll: (calls, once) =>
      inTransaction(db, async (transaction) => {
        // First of all, because it takes the lock: of two at once the later one waits here and finds the other's answer.
        const given = once && (await giveOrFind(transaction, once));
        if (given !== undefined) return given;
        await insertAll(transaction, calls);
        return undefined;
      }),

    answer: (projectId, key) => findAnswer(db, projectId, key),

    async forgetAnswers(beforeMs) {
      const removal = db.deleteFrom('idempotency_answers').where('at_ms', '<', beforeMs);
      return Number((await removal.executeTakeFirstOrThrow()).numDeletedRows);
    },

    async due(nowMs, limit, { projectIds, assistantIds }) {
      if (!(limit >= 1)) return [];
      const rows = await db
        .selectFrom('calls')
        .selectAll()
        .where('state', '=', 'queued')
        .where('not_before_ms', '<=', nowMs)
        .$if(projectIds.length > 0, (query) => query.where('project_id', 'not in', toStoredIds(projectIds)))
        .$if(assistantIds.length > 0, (query) => query.where('assistant_id', 'not in', toStoredIds(assistantIds)))
        .orderBy('not_before_ms')
        .orderBy('id')
        .limit(Math.min(DUE_MAX, Math.trunc(limit)))
        .execute();
      return rows.map(rowToCall);
    },

    async queued(projectId) {
      const query = db.selectFrom('calls').select((eb) => eb.fn.countAll<number | string>().as('calls'));
      const own = query.where('project_id', '=', toStoredId(projectId)).where('state', '=', 'queued');
      return Number((await own.executeTakeFirstOrThrow()).calls);
    },
  };
}

/** Stores the answer; where there is one under its key, that one is returned instead. */
async function giveOrFind(transaction: Transaction<Tables>, once: OnceAnswer): Promise<OnceAnswer | undefined> {
  const { fingerprint, atMs } = once;
  const place = { project_id: toStoredId(once.projectId), key: once.key };
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('idempotency_answers')
    .values({ ...place, fingerprint, answer: JSON.stringify(once.answer), at_ms: atMs })
    .onConflict((conflict) => conflict.columns(['project_id', 'key']).doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) return undefined;
  return findAnswer(transaction, once.projectId, once.key);
}

async function findAnswer(db: Kysely<Tables>, projectId: EntityId, key: string): Promise<OnceAnswer | undefined> {
  const query = db.selectFrom('idempotency_answers').selectAll().where('project_id', '=', toStoredId(projectId));
  const row = await query.where('key', '=', key).executeTakeFirst();
  return row && { projectId, key, fingerprint: row.fingerprint, answer: JSON.parse(row.answer), atMs: row.at_ms };
}

/** Whole chunks and then single rows: two statements to keep prepared, however many calls there are. */
async function insertAll(transaction: Transaction<Tables>, calls: readonly CallRecord[]): Promise<void> {
  const rows = calls.map(callToRow);
  const inChunks = rows.length - (rows.length % ROWS_AT_ONCE);
  for (let from = 0; from < inChunks; from += ROWS_AT_ONCE) {
    await transaction
      .insertInto('calls')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
  for (const row of rows.slice(inChunks)) await transaction.insertInto('calls').values(row).execute();
}

import {
  type CallStore,
  type CallWrite,
  callOf,
  carryOut,
  type LiveEvent,
  type ReplayOutcome,
  type SpooledWrite,
} from '@rapida/core';
import type { Kysely, Transaction } from 'kysely';
import { isRefused } from '../database/failures.js';
import { holdCall } from '../database/locks.js';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import type { Live } from './events.js';

export type Replays = Pick<CallStore, 'replay' | 'forgetReplays'>;
type Writes = Pick<CallStore, CallWrite['operation']>;
type WritesOver = (db: Kysely<Tables>, live: Live | undefined) => Writes;

/** The write and its id are one transaction: whoever comes with it again finds the id. */
export function replays(db: Kysely<Tables>, writesOver: WritesOver, live: Live | undefined): Replays {
  return {
    async replay(spooled) {
      /** Told when the transaction is over; one that is begun again has told nothing. */
      let told: LiveEvent[] = [];
      const telling = live && { clock: live.clock, feed: { publish: (event: LiveEvent) => void told.push(event) } };
      try {
        const outcome = await inTransaction(db, (transaction) => {
          told = [];
          return replayIn(transaction, spooled, writesOver(transaction, telling));
        });
        for (const event of told) live?.feed.publish(event);
        return outcome;
      } catch (error) {
        if (isRefused(error)) return 'refused';
        throw error;
      }
    },

    async forgetReplays(beforeMs) {
      const { numDeletedRows } = await db
        .deleteFrom('spooled_writes')
        .where('at_ms', '<', beforeMs)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

async function replayIn(
  transaction: Transaction<Tables>,
  { id, atMs, write, mayBeStored }: SpooledWrite,
  writes: Writes,
): Promise<ReplayOutcome> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('spooled_writes')
    .values({ id, at_ms: atMs })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) return 'known';
  if (mayBeStored) {
    // Whoever tries still, on a connection that its client has given up, is waited for.
    await holdCall(transaction, toStoredId(callOf(write)));
    if (await isStored(transaction, write)) return 'known';
  }
  return (await carryOut(writes, write)) === false ? 'overruled' : 'written';
}

/** By what it says; the rest does no harm when it is written twice. */
async function isStored(db: Kysely<Tables>, write: CallWrite): Promise<boolean> {
  if (write.operation === 'appendEvent') {
    const [id, { type, atMs, data }] = write.args;
    const events = db.selectFrom('call_events').select('seq').where('call_id', '=', toStoredId(id));
    const same = events.where('type', '=', type).where('at_ms', '=', atMs).where('data', '=', JSON.stringify(data));
    return (await same.executeTakeFirst()) !== undefined;
  }
  if (write.operation !== 'addTurn') return false;
  const [id, { role, text, startMs, endMs }] = write.args;
  const turns = db.selectFrom('call_turns').select('seq').where('call_id', '=', toStoredId(id));
  const same = turns.where('role', '=', role).where('start_ms', '=', startMs).where('end_ms', '=', endMs);
  return (await same.where('text', '=', text).executeTakeFirst()) !== undefined;
}

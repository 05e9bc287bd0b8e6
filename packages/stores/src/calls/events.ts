import type { CallEvent, CallPatch, CallState, CallStore, EntityId, NewCallEvent } from '@rapida/core';
import type { Kysely, Transaction } from 'kysely';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { fillOutbox } from './outbox.js';
import { patchToColumns, rowToEvent } from './rows.js';
import { nextSeq } from './sequence.js';

export type Events = Pick<CallStore, 'transition' | 'appendEvent' | 'events'>;

export function events(db: Kysely<Tables>, newDeliveryId: () => EntityId): Events {
  const append = async (transaction: Transaction<Tables>, id: EntityId, event: NewCallEvent): Promise<CallEvent> => {
    const { seq, ...owner } = await nextSeq(transaction, id, 'event_count');
    const { type, atMs, data } = event;
    const row = { call_id: toStoredId(id), seq, type, at_ms: atMs, data: JSON.stringify(data) };
    await transaction.insertInto('call_events').values(row).execute();
    const appended = { seq, type, atMs, data };
    await fillOutbox(transaction, { ...owner, call_id: row.call_id }, appended, newDeliveryId);
    return appended;
  };

  return {
    async transition(id, from, state, patch, event) {
      if (from.length === 0) return false;
      if (event === undefined) return move(db, id, from, state, patch);
      return db.transaction().execute(async (transaction) => {
        const moved = await move(transaction, id, from, state, patch);
        if (moved) await append(transaction, id, event);
        return moved;
      });
    },

    appendEvent: (id, event) => db.transaction().execute((transaction) => append(transaction, id, event)),

    async events(id) {
      const query = db.selectFrom('call_events').selectAll().where('call_id', '=', toStoredId(id));
      return (await query.orderBy('seq').execute()).map(rowToEvent);
    },
  };
}

async function move(
  db: Kysely<Tables>,
  id: EntityId,
  from: readonly CallState[],
  state: CallState,
  patch: CallPatch,
): Promise<boolean> {
  const update = db.updateTable('calls').set({ ...patchToColumns(patch), state });
  const { numUpdatedRows } = await update
    .where('id', '=', toStoredId(id))
    .where('state', 'in', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

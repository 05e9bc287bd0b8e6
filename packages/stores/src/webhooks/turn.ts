import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../database/tables.js';

/*
 * A receiver hears of a call in its order: of the pending deliveries of one webhook and call only the first has its turn,
 * which is its `due_at_ms`. Kept with every change, so that what is due is read from an index however much waits behind.
 * Ids here are as they are stored.
 */

/** The id of the pending delivery with the lowest number. */
export async function firstPending(db: Kysely<Tables>, webhookId: string, callId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('webhook_id', '=', webhookId)
    .where('call_id', '=', callId)
    .where('state', '=', 'pending')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

/** Gives the turn to whose it is, and takes it from any other of the call. */
export async function passTurn(transaction: Transaction<Tables>, webhookId: string, callId: string): Promise<void> {
  await transaction
    .updateTable('webhook_deliveries')
    .set({ due_at_ms: null })
    .where('webhook_id', '=', webhookId)
    .where('call_id', '=', callId)
    .where('due_at_ms', 'is not', null)
    .execute();
  const first = await firstPending(transaction, webhookId, callId);
  if (first === undefined) return;
  await transaction
    .updateTable('webhook_deliveries')
    .set((eb) => ({ due_at_ms: eb.ref('next_at_ms') }))
    .where('id', '=', first)
    .execute();
}

import type { Transaction } from 'kysely';
import { isPostgres } from './dialect.js';
import type { Tables } from './tables.js';

/*
 * Order between the transactions of many nodes. SQLite has one writer at a time and needs none of this; on PostgreSQL two
 * that must not overlap meet in a row that both lock. Always the call first, then its webhooks, then deliveries: who keeps
 * this order does not meet the other in a deadlock. Ids here are as they are stored.
 */

/**
 * Holds the call a delivery is about. Numbering an event holds it as well (`nextSeq`), so of an event that is written and a
 * delivery that ends one sees the other: else each could leave the turn to the other, and nobody would have it.
 */
export async function holdCallOf(transaction: Transaction<Tables>, deliveryId: string): Promise<void> {
  if (!isPostgres(transaction)) return;
  await transaction
    .selectFrom('calls')
    .select('id')
    .where('id', '=', (eb) => eb.selectFrom('webhook_deliveries').select('call_id').where('id', '=', deliveryId))
    .forNoKeyUpdate()
    .execute();
}

/** Holds a call: what writes to it at the same time comes before, or waits. */
export async function holdCall(transaction: Transaction<Tables>, callId: string): Promise<void> {
  if (!isPostgres(transaction)) return;
  await transaction.selectFrom('calls').select('id').where('id', '=', callId).forNoKeyUpdate().execute();
}

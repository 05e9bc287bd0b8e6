import type { EntityId } from '@rapida/core';
import type { Kysely, Selectable } from 'kysely';
import { isPostgres } from '../database/dialect.js';
import { toStoredIds } from '../database/stored-id.js';
import type { Tables, WebhookDeliveryTable } from '../database/tables.js';

export interface DueQuery {
  readonly nowMs: number;
  readonly limit: number;
  readonly passOver: readonly EntityId[];
}

/** Of each webhook the first few, each from the index of its own, and of these the first. */
export function findDue(db: Kysely<Tables>, query: DueQuery): Promise<Selectable<WebhookDeliveryTable>[]> {
  return isPostgres(db) ? findOnPostgres(db, query) : findOnSqlite(db, query);
}

function findOnSqlite(db: Kysely<Tables>, { nowMs, limit, passOver }: DueQuery) {
  return (
    db
      .selectFrom('webhooks')
      // `cross`: SQLite then keeps this order of the two. Which delivery is whose is in the condition.
      .crossJoin('webhook_deliveries as delivery')
      .selectAll('delivery')
      .where('webhooks.enabled', '=', 1)
      .$if(passOver.length > 0, (query) => query.where('webhooks.id', 'not in', toStoredIds(passOver)))
      .where('delivery.id', 'in', (eb) =>
        eb
          .selectFrom('webhook_deliveries as first')
          .select('first.id')
          .whereRef('first.webhook_id', '=', 'webhooks.id')
          .where('first.due_at_ms', '<=', nowMs)
          .orderBy('first.due_at_ms')
          .orderBy('first.id')
          .limit(limit),
      )
      .orderBy('delivery.due_at_ms')
      .orderBy('delivery.id')
      .limit(limit)
      .execute()
  );
}

/** SQLite has no `lateral`; PostgreSQL would look through all deliveries for each webhook without it. */
function findOnPostgres(db: Kysely<Tables>, { nowMs, limit, passOver }: DueQuery) {
  return db
    .selectFrom('webhooks')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('webhook_deliveries as first')
          .selectAll('first')
          .whereRef('first.webhook_id', '=', 'webhooks.id')
          .where('first.due_at_ms', '<=', nowMs)
          .orderBy('first.due_at_ms')
          .orderBy('first.id')
          .limit(limit)
          .as('delivery'),
      (join) => join.onTrue(),
    )
    .selectAll('delivery')
    .where('webhooks.enabled', '=', 1)
    .$if(passOver.length > 0, (query) => query.where('webhooks.id', 'not in', toStoredIds(passOver)))
    .orderBy('delivery.due_at_ms')
    .orderBy('delivery.id')
    .limit(limit)
    .execute();
}

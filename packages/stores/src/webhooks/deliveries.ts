import type { DeliveryState, EntityId, WebhookRecord, WebhookStore } from '@rapida/core';
import {
  type DeleteQueryBuilder,
  type DeleteResult,
  type Kysely,
  type SelectQueryBuilder,
  sql,
  type UpdateObject,
} from 'kysely';
import type { Database } from '../database/database.js';
import { holdCallOf } from '../database/locks.js';
import { readPage } from '../database/paging.js';
import { toStoredId, toStoredIds } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import { findDue } from './due.js';
import { deliveryToRow, rowToDelivery, rowToWebhook } from './rows.js';
import { passTurn } from './turn.js';

export type Deliveries = Pick<
  WebhookStore,
  'due' | 'claim' | 'attempted' | 'addTest' | 'deliveries' | 'resend' | 'forgetDeliveries' | 'forgetOf'
>;

const DUE_MAX = 200;
/** In one statement, on the loop that carries the sound. */
const FORGOTTEN_AT_ONCE_MAX = 1_000;
const SETTLED: readonly DeliveryState[] = ['delivered', 'dead'];

export function deliveries(db: Kysely<Tables>, users: Database['users']): Deliveries {
  return {
    async due(nowMs, limit, passOver) {
      if (!(limit >= 1)) return [];
      const rows = await findDue(db, { nowMs, limit: Math.min(DUE_MAX, Math.trunc(limit)), passOver });
      const found = rows.map(rowToDelivery);
      const webhooks = await findWebhooks(db, new Set(found.map(({ webhookId }) => webhookId)));
      // One that was removed between the two queries has no deliveries any more.
      return found.flatMap((delivery) => {
        const webhook = webhooks.get(delivery.webhookId);
        return webhook === undefined ? [] : [{ delivery, webhook }];
      });
    },

    async claim(id, nowMs, untilMs) {
      if (users === 'one') return true;
      const { numUpdatedRows } = await db
        .updateTable('webhook_deliveries')
        .set({ due_at_ms: untilMs })
        .where('id', '=', toStoredId(id))
        .where('state', '=', 'pending')
        .where('due_at_ms', '<=', nowMs)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    async attempted(id, { state, status, error, atMs, nextAtMs }) {
      await change(db, [id], {
        state,
        attempts: sql<number>`attempts + 1`,
        next_at_ms: nextAtMs,
        due_at_ms: dueAt(state, nextAtMs),
        last_status: status,
        last_error: error,
        delivered_at_ms: state === 'delivered' ? atMs : null,
      });
    },

    async addTest(delivery) {
      const due_at_ms = dueAt(delivery.state, delivery.nextAtMs);
      await db
        .insertInto('webhook_deliveries')
        .values({ ...deliveryToRow(delivery), due_at_ms })
        .execute();
    },

    deliveries(projectId, filter, limit, cursor) {
      const all = db.selectFrom('webhook_deliveries').selectAll().where('project_id', '=', toStoredId(projectId));
      return readPage(matching(all, filter), limit, cursor, rowToDelivery);
    },

    resend: (projectId, id, nowMs) =>
      change(db, [id, projectId], {
        ...{ state: 'pending', attempts: 0, next_at_ms: nowMs, due_at_ms: nowMs },
        ...{ last_status: null, last_error: null, delivered_at_ms: null },
      }),

    async forgetDeliveries(beforeMs, limit) {
      if (!(limit >= 1)) return 0;
      const removal = db
        .deleteFrom('webhook_deliveries')
        // Again, because one that was found may be sent again before it is removed. `||`: an id is the way to it, no index.
        .where(sql<string>`state || ''`, 'in', SETTLED)
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('webhook_deliveries')
            .select('id')
            .where('state', 'in', SETTLED)
            .where('created_at_ms', '<', beforeMs)
            .limit(Math.min(FORGOTTEN_AT_ONCE_MAX, Math.trunc(limit))),
        );
      return await removed(db, removal);
    },

    async forgetOf(projectId, webhookId, limit) {
      if (!(limit >= 1)) return 0;
      const removal = db.deleteFrom('webhook_deliveries').where('id', 'in', (eb) =>
        eb
          .selectFrom('webhook_deliveries')
          .select('id')
          .where('webhook_id', '=', toStoredId(webhookId))
          .where('project_id', '=', toStoredId(projectId))
          .limit(Math.min(FORGOTTEN_AT_ONCE_MAX, Math.trunc(limit))),
      );
      return await removed(db, removal);
    },
  };
}

/** How many. Among rows that others change in an order of their own it may have to begin again. */
function removed(db: Kysely<Tables>, removal: DeleteQueryBuilder<Tables, 'webhook_deliveries', DeleteResult>) {
  return inTransaction(db, async (transaction) => {
    const { numAffectedRows } = await transaction.executeQuery(removal.compile());
    return Number(numAffectedRows ?? 0n);
  });
}

async function findWebhooks(
  db: Kysely<Tables>,
  ids: ReadonlySet<EntityId>,
): Promise<ReadonlyMap<EntityId, WebhookRecord>> {
  if (ids.size === 0) return new Map();
  const query = db.selectFrom('webhooks').selectAll();
  const rows = await query.where('id', 'in', toStoredIds([...ids])).execute();
  return new Map(rows.map(rowToWebhook).map((webhook) => [webhook.id, webhook]));
}

/** A delivery of a call waits for its turn besides: `passTurn` sees to that. */
function dueAt(state: DeliveryState, nextAtMs: number | null): number | null {
  return state === 'pending' ? nextAtMs : null;
}

/** False where there is no such delivery, or not in that project. */
function change(
  db: Kysely<Tables>,
  [id, projectId]: readonly [id: EntityId, projectId?: EntityId],
  columns: UpdateObject<Tables, 'webhook_deliveries'>,
): Promise<boolean> {
  return inTransaction(db, async (transaction) => {
    await holdCallOf(transaction, toStoredId(id));
    const row = await transaction
      .updateTable('webhook_deliveries')
      .set(columns)
      .where('id', '=', toStoredId(id))
      .$if(projectId !== undefined, (query) => query.where('project_id', '=', toStoredId(projectId ?? '')))
      .returning(['webhook_id', 'call_id'])
      .executeTakeFirst();
    if (row === undefined) return false;
    if (row.call_id !== null) await passTurn(transaction, row.webhook_id, row.call_id);
    return true;
  });
}

/** Of one call there are few: named, it alone may choose the index. */
function matching<Output>(
  query: SelectQueryBuilder<Tables, 'webhook_deliveries', Output>,
  { callId, webhookId, state }: Parameters<WebhookStore['deliveries']>[1],
) {
  const ofCall = callId === undefined ? query : query.where('call_id', '=', toStoredId(callId));
  const narrowing = (column: 'webhook_id' | 'state') =>
    callId === undefined ? sql.ref<string>(column) : sql<string>`${sql.ref(column)} || ''`;
  return ofCall
    .$if(webhookId !== undefined, (q) => q.where(narrowing('webhook_id'), '=', toStoredId(webhookId ?? '')))
    .$if(state !== undefined, (q) => q.where(narrowing('state'), '=', state ?? ''));
}

import type { WebhookStore } from '@rapida/core';
import type { Kysely } from 'kysely';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { readPage } from '../database/paging.js';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import { type Deliveries, deliveries } from './deliveries.js';
import { patchToColumns, rowToWebhook, webhookToRow } from './rows.js';

/** Over the database of the store of calls, which writes the deliveries of their events. */
export function createSqlWebhookStore({ kysely: db, users }: Database): WebhookStore {
  return reportFailures<WebhookStore>('webhooks', { ...receivers(db), ...deliveries(db, users) });
}

function receivers(db: Kysely<Tables>): Omit<WebhookStore, keyof Deliveries> {
  return {
    async create(webhook) {
      await db.insertInto('webhooks').values(webhookToRow(webhook)).execute();
    },

    async get(projectId, id) {
      const query = db.selectFrom('webhooks').selectAll().where('id', '=', toStoredId(id));
      const row = await query.where('project_id', '=', toStoredId(projectId)).executeTakeFirst();
      return row && rowToWebhook(row);
    },

    list(projectId, limit, cursor) {
      const all = db.selectFrom('webhooks').selectAll().where('project_id', '=', toStoredId(projectId));
      return readPage(all, limit, cursor, rowToWebhook);
    },

    async save(projectId, id, patch, atMs) {
      const update = db
        .updateTable('webhooks')
        .set({ ...patchToColumns(patch), updated_at_ms: atMs })
        .where('id', '=', toStoredId(id))
        .where('project_id', '=', toStoredId(projectId));
      const row = await update.returningAll().executeTakeFirst();
      return row && rowToWebhook(row);
    },

    async remove(projectId, id) {
      return await inTransaction(db, async (transaction) => {
        const removal = transaction.deleteFrom('webhooks').where('id', '=', toStoredId(id));
        const own = removal.where('project_id', '=', toStoredId(projectId));
        return (await own.executeTakeFirstOrThrow()).numDeletedRows > 0n;
      });
    },

    async count(projectId) {
      const query = db.selectFrom('webhooks').select((eb) => eb.fn.countAll<number | string>().as('webhooks'));
      return Number((await query.where('project_id', '=', toStoredId(projectId)).executeTakeFirstOrThrow()).webhooks);
    },
  };
}

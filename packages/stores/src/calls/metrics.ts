import { type CallMetric, type EntityId, RapidaError } from '@rapida/core';
import type { Kysely } from 'kysely';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';

/** The last value wins. Fails with call_not_found. */
export async function putMetric(db: Kysely<Tables>, id: EntityId, metric: CallMetric): Promise<void> {
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
}

import { type EntityId, RapidaError } from '@rapida/core';
import type { Transaction } from 'kysely';
import { toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';

/** Whose number it is: what the outbox asks of every event. */
export interface Numbered {
  readonly seq: number;
  readonly project_id: string;
  readonly assistant_id: string;
}

/**
 * Counting in the call's own row locks it on every database, so that two writers never get the same number; and what
 * fails afterwards takes the number back with its transaction, so that none is missing.
 */
export async function nextSeq(
  transaction: Transaction<Tables>,
  id: EntityId,
  counter: 'event_count' | 'turn_count',
): Promise<Numbered> {
  const row = await transaction
    .updateTable('calls')
    .set(counter, (eb) => eb(counter, '+', 1))
    .where('id', '=', toStoredId(id))
    .returning([`${counter} as seq`, 'project_id', 'assistant_id'])
    .executeTakeFirst();
  if (row === undefined) throw new RapidaError('call_not_found');
  return row;
}

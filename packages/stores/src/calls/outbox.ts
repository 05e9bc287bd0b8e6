import type { CallEvent, CallRecord, DeliveryRecord, EntityId } from '@rapida/core';
import type { Transaction } from 'kysely';
import { isPostgres } from '../database/dialect.js';
import { fromStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { deliveryToRow } from '../webhooks/rows.js';
import { firstPending } from '../webhooks/turn.js';
import { rowToCall } from './rows.js';

/** As it is stored. */
interface Owner {
  readonly call_id: string;
  readonly project_id: string;
  readonly assistant_id: string;
}

/**
 * A delivery of the event for each webhook that wants it, in the transaction that writes the event: what is on record
 * will be told, and nothing else. Where nobody wants it this is one query in an index.
 */
export async function fillOutbox(
  transaction: Transaction<Tables>,
  owner: Owner,
  event: CallEvent,
  newDeliveryId: () => EntityId,
): Promise<void> {
  const webhooks = await webhooksWanting(transaction, owner, event.type);
  if (webhooks.length === 0) return;
  const query = transaction.selectFrom('calls').selectAll().where('id', '=', owner.call_id);
  const call = rowToCall(await query.executeTakeFirstOrThrow());
  for (const webhook of webhooks) {
    const isFirst = (await firstPending(transaction, webhook, owner.call_id)) === undefined;
    const row = deliveryToRow(newDelivery(newDeliveryId(), fromStoredId(webhook), event, call));
    await transaction
      .insertInto('webhook_deliveries')
      .values({ ...row, due_at_ms: isFirst ? row.next_at_ms : null })
      .execute();
  }
}

function newDelivery(id: EntityId, webhookId: EntityId, event: CallEvent, call: CallRecord): DeliveryRecord {
  return {
    ...{ id, webhookId, projectId: call.projectId, callId: call.id },
    ...{ seq: event.seq, type: event.type, body: toBody(id, event, call) },
    ...{ state: 'pending', attempts: 0, nextAtMs: event.atMs },
    ...{ lastStatus: null, lastError: null, createdAtMs: event.atMs, deliveredAtMs: null },
  };
}

/** The names of events are compared here: a project has few webhooks. */
async function webhooksWanting(transaction: Transaction<Tables>, owner: Owner, type: string): Promise<string[]> {
  const rows = await transaction
    .selectFrom('webhooks')
    .select(['id', 'events'])
    .where('project_id', '=', owner.project_id)
    .where('enabled', '=', 1)
    .where((eb) => eb('assistant_id', 'is', null).or('assistant_id', '=', owner.assistant_id))
    // One that is being removed: waited for, and then not among them. Those that are wait to be removed until we are done.
    .$if(isPostgres(transaction), (query) => query.forKeyShare())
    .execute();
  return rows
    .filter((row) => {
      const types: readonly string[] = JSON.parse(row.events);
      return types.length === 0 || types.includes(type);
    })
    .map((row) => row.id);
}

/** `call` is as it was when the event was written, with the field names and times of the REST resource. */
function toBody(id: EntityId, { seq, type, atMs, data }: CallEvent, call: CallRecord): string {
  return JSON.stringify({
    ...{ id, type, seq, at: toTime(atMs), callId: call.id, data },
    call: {
      id: call.id,
      assistantId: call.assistantId,
      contextId: call.contextId,
      direction: call.direction,
      state: call.state,
      from: call.from,
      to: call.to,
      metadata: call.metadata,
      createdAt: toTime(call.createdAtMs),
      connectedAt: toTimeOrNull(call.connectedAtMs),
      endedAt: toTimeOrNull(call.endedAtMs),
      disconnectedBy: call.disconnectedBy,
      reason: call.reason,
    },
  });
}

function toTime(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

function toTimeOrNull(wallMs: number | null): string | null {
  return wallMs === null ? null : toTime(wallMs);
}

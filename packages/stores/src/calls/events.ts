import type {
  CallEvent,
  CallPatch,
  CallState,
  CallStore,
  Clock,
  EntityId,
  JsonObject,
  LiveFeed,
  NewCallEvent,
} from '@rapida/core';
import type { Kysely, Transaction } from 'kysely';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import { putMetric } from './metrics.js';
import { fillOutbox } from './outbox.js';
import { analysisColumns, callToRow, patchToColumns, rowToEvent } from './rows.js';
import { nextSeq } from './sequence.js';

export type Events = Pick<CallStore, 'create' | 'transition' | 'appendEvent' | 'analysed' | 'events'>;

/** An event without whose it is. */
interface Told {
  readonly seq: number | null;
  readonly type: string;
  readonly atMs: number;
  readonly data: JsonObject;
}

/** As they are stored. */
interface Owner {
  readonly project_id: string;
  readonly assistant_id: string;
}

/** Where what was stored is published. */
export interface Live {
  readonly feed: Pick<LiveFeed, 'publish'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

/** Everything that is told of a call goes through here, and is published when its transaction is over. */
export function events(db: Kysely<Tables>, newDeliveryId: () => EntityId, live: Live | undefined): Events {
  const append = async (transaction: Transaction<Tables>, id: EntityId, event: NewCallEvent) => {
    const { seq, ...owner } = await nextSeq(transaction, id, 'event_count');
    const { type, atMs, data, metrics = [] } = event;
    const row = { call_id: toStoredId(id), seq, type, at_ms: atMs, data: JSON.stringify(data) };
    await transaction.insertInto('call_events').values(row).execute();
    for (const metric of metrics) await putMetric(transaction, id, metric);
    const appended: CallEvent = { seq, type, atMs, data };
    await fillOutbox(transaction, { ...owner, call_id: row.call_id }, appended, newDeliveryId);
    return { appended, owner };
  };

  const publish = (owner: Owner, callId: EntityId, event: Told): void => {
    const [projectId, assistantId] = [fromStoredId(owner.project_id), fromStoredId(owner.assistant_id)];
    live?.feed.publish({ projectId, assistantId, callId, ...event });
  };

  /** The state first: with the last event of a call there is nothing more to tell. */
  const publishMove = (owner: Owner, callId: EntityId, state: CallState, event: CallEvent | undefined): void => {
    if (live === undefined) return;
    const atMs = event?.atMs ?? live.clock.wallMs();
    publish(owner, callId, { seq: null, type: 'call.state', atMs, data: { state } });
    if (event !== undefined) publish(owner, callId, event);
  };

  return {
    async create(call, event) {
      const row = callToRow(call);
      const stored = await inTransaction(db, async (transaction) => {
        await transaction.insertInto('calls').values(row).execute();
        return event && (await append(transaction, call.id, event));
      });
      publishMove(row, call.id, call.state, stored?.appended);
    },

    async transition(id, from, state, patch, event, leg) {
      const others = from.filter((one) => one !== state);
      const moved = await inTransaction(db, async (transaction) => {
        const owner = await move(transaction, { id, leg }, others, state, patch);
        return owner && { owner, appended: event && (await append(transaction, id, event)).appended };
      });
      if (moved === undefined) {
        return others.length < from.length && (await move(db, { id, leg }, [state], state, patch)) !== undefined;
      }
      publishMove(moved.owner, id, state, moved.appended);
      return true;
    },

    async appendEvent(id, event) {
      const { appended, owner } = await inTransaction(db, (transaction) => append(transaction, id, event));
      publish(owner, id, appended);
      return appended;
    },

    async analysed(id, analysis, event) {
      const done = await inTransaction(db, async (transaction) => {
        const update = transaction.updateTable('calls').set(analysisColumns(analysis));
        const { numUpdatedRows } = await update
          .where('id', '=', toStoredId(id))
          .where('analysis_state', '=', 'pending')
          .executeTakeFirstOrThrow();
        return numUpdatedRows === 0n ? undefined : append(transaction, id, event);
      });
      if (done === undefined) return false;
      publish(done.owner, id, done.appended);
      return true;
    },

    async events(id) {
      const query = db.selectFrom('call_events').selectAll().where('call_id', '=', toStoredId(id));
      return (await query.orderBy('seq').execute()).map(rowToEvent);
    },
  };
}

/** Whose it is, where it was in one of these states, and in that leg. */
async function move(
  db: Kysely<Tables>,
  { id, leg }: { readonly id: EntityId; readonly leg: number | undefined },
  from: readonly CallState[],
  state: CallState,
  patch: CallPatch,
): Promise<Owner | undefined> {
  if (from.length === 0) return undefined;
  const update = db.updateTable('calls').set({ ...patchToColumns(patch), state });
  return await update
    .where('id', '=', toStoredId(id))
    .where('state', 'in', from)
    .$if(leg !== undefined, (query) => query.where('resumes', '=', leg ?? 0))
    .returning(['project_id', 'assistant_id'])
    .executeTakeFirst();
}

import type {
  CallEvent,
  CallFilter,
  CallMetric,
  CallPatch,
  CallRecord,
  CallState,
  Page,
  TranscriptTurn,
} from './call-record.js';
import type { ContextId, EntityId } from './ids.js';
import type { JsonObject } from './json.js';

/** Calls and what happened in them. What a resolved promise says is stored survives the death of the process. */
export interface CallStore {
  create(call: CallRecord): Promise<void>;
  get(projectId: EntityId, id: EntityId): Promise<CallRecord | undefined>;
  getByContext(contextId: ContextId): Promise<CallRecord | undefined>;
  /** Newest first. An unreadable cursor gives an `invalid_request` error. */
  list(projectId: EntityId, filter: CallFilter, limit: number, cursor: string | null): Promise<Page<CallRecord>>;
  /** Changes the record and, with `state`, moves it there - only out of one of `from`; false where it was in none of them. */
  transition(id: EntityId, from: readonly CallState[], state: CallState, patch: CallPatch): Promise<boolean>;
  patch(id: EntityId, patch: CallPatch): Promise<void>;
  /** Gives the event the call's next sequence number, from 1 without holes, and returns it. */
  appendEvent(id: EntityId, event: { type: string; atMs: number; data: JsonObject }): Promise<CallEvent>;
  events(id: EntityId): Promise<readonly CallEvent[]>;
  addTurn(id: EntityId, turn: TranscriptTurn): Promise<void>;
  turns(id: EntityId): Promise<readonly TranscriptTurn[]>;
  /** Sets a metric of the call; the last value wins. */
  setMetric(id: EntityId, metric: CallMetric): Promise<void>;
  metrics(id: EntityId): Promise<readonly CallMetric[]>;
  /** Calls not ended that this node held: what a restart has to close. */
  unfinished(nodeId: string): Promise<readonly CallRecord[]>;
}

import type {
  CallAnalysis,
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
import type { Json, JsonObject } from './json.js';

/** The answer to a request that must have its effect once only, however often it is sent. */
export interface OnceAnswer {
  readonly projectId: EntityId;
  /** As the client chose it. */
  readonly key: string;
  /** Of the request: the same key with another request is a mistake. */
  readonly fingerprint: string;
  readonly answer: Json;
  readonly atMs: number;
}

/** Who has no place free at this moment: their calls are passed over. */
export interface PassOver {
  readonly projectIds: readonly EntityId[];
  readonly assistantIds: readonly EntityId[];
}

export interface NewCallEvent {
  readonly type: string;
  readonly atMs: number;
  readonly data: JsonObject;
  /** Set with it: an event and the figures it is about are both on record, or neither. */
  readonly metrics?: readonly CallMetric[];
}

/** Calls and what happened in them. What a resolved promise says is stored survives the death of the process. */
export interface CallStore {
  /** With its first event, where there is one: both or none, and its deliveries with it. */
  create(call: CallRecord, event?: NewCallEvent): Promise<void>;
  /**
   * Stores all of these or none, and `once` with them. Where that project has an answer under that key already, nothing
   * is stored and that answer is returned; undefined where the calls were stored.
   */
  createAll(calls: readonly CallRecord[], once?: OnceAnswer): Promise<OnceAnswer | undefined>;
  /** The answer that project has under that key, if any. */
  answer(projectId: EntityId, key: string): Promise<OnceAnswer | undefined>;
  /** Forgets answers that are older. Returns how many. */
  forgetAnswers(beforeMs: number): Promise<number>;
  /** Outbound calls in state `queued` whose `notBeforeMs` has come, in the order of that moment and then of their ids. */
  due(nowMs: number, limit: number, passOver: PassOver): Promise<readonly CallRecord[]>;
  /** How many calls of a project are `queued`. */
  queued(projectId: EntityId): Promise<number>;
  get(projectId: EntityId, id: EntityId): Promise<CallRecord | undefined>;
  getByContext(contextId: ContextId): Promise<CallRecord | undefined>;
  /**
   * Newest first. An unreadable cursor gives an `invalid_request` error. With `parts` a few hundred of the calls that the rest
   * of the filter leaves are looked into: the page may have fewer than `limit`, or none, and go on.
   */
  list(projectId: EntityId, filter: CallFilter, limit: number, cursor: string | null): Promise<Page<CallRecord>>;
  /**
   * Changes the record and, with `state`, moves it there - only out of one of `from`; false where it was in none of them. An
   * `event` is appended in the same transaction, only where it moved: a call that is in `state` already, where `from` names
   * that too, is changed and has nothing new to tell, so that a repetition tells nothing twice.
   */
  transition(
    id: EntityId,
    from: readonly CallState[],
    state: CallState,
    patch: CallPatch,
    event?: NewCallEvent,
  ): Promise<boolean>;
  patch(id: EntityId, patch: CallPatch): Promise<void>;
  /**
   * Gives the event the call's next sequence number, from 1 without holes, and returns it. In the same transaction a delivery
   * is written for each webhook that wants it (see `WebhookStore`).
   */
  appendEvent(id: EntityId, event: NewCallEvent): Promise<CallEvent>;
  events(id: EntityId): Promise<readonly CallEvent[]>;
  addTurn(id: EntityId, turn: TranscriptTurn): Promise<void>;
  turns(id: EntityId): Promise<readonly TranscriptTurn[]>;
  /** Sets a metric of the call; the last value wins. */
  setMetric(id: EntityId, metric: CallMetric): Promise<void>;
  metrics(id: EntityId): Promise<readonly CallMetric[]>;
  /**
   * Writes what came of an analysis that was pending, with its event, in one transaction; false where none was pending.
   */
  analysed(id: EntityId, analysis: CallAnalysis, event: NewCallEvent): Promise<boolean>;
  /** Calls that this node held whose analysis is pending, the first that ended first. At most 2000. */
  unanalysed(nodeId: string, limit: number): Promise<readonly CallRecord[]>;
  /** Calls not ended that this node held: what a restart has to close. */
  unfinished(nodeId: string): Promise<readonly CallRecord[]>;
}

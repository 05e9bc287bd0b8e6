import type { TranscriptTurn } from './call-record.js';
import type { EntityId } from './ids.js';
import type { Json, JsonObject } from './json.js';

/**
 * What is told of a call as it happens and stands in no record, beside its stored events (`CALL_EVENTS`, and whatever a
 * dialplan reports). The reference page is generated from this table.
 */
export const LIVE_EVENTS = {
  'call.refused':
    'A call could not be registered, and there is none: `callId` is 0. Where its API key was no good, once a second for one assistant at most. Data: `code`, `message`, `from`',
  'call.state': 'The call is in this state now. Data: `state`',
  'caller.partial': 'What the recogniser has understood so far of what the caller is saying. Data: `text`',
  'caller.said': 'The caller has said this. Data: `text`, `rejected` (it was not taken for speech to the assistant)',
  'assistant.saying': 'The assistant begins to say this. Data: `text`',
  'assistant.paused': 'The caller speaks, and the assistant has fallen silent for the moment',
  'assistant.resumed': 'The assistant goes on where it was paused',
  'assistant.interrupted': 'The assistant was interrupted and does not go on',
  turn: 'A part of the transcript, as it was heard. Data: one entry of the transcript',
  'stream.closed':
    'The last message of a stream. Data: `reason`: `call_ended`, `too_slow` (the client did not read), `lost` (something may have been missed), `key_invalid`, `server_shutdown`; but for the first, connect again with the id of the last message',
} as const;
export type LiveEventType = keyof typeof LIVE_EVENTS;

/** One thing that happened in a call. */
export interface LiveEvent {
  readonly projectId: EntityId;
  readonly assistantId: EntityId;
  readonly callId: EntityId;
  /** Of a stored event: its number in the call. Null for what is only told. */
  readonly seq: number | null;
  readonly type: LiveEventType | (string & {});
  /** Wall clock, ms since 1970. */
  readonly atMs: number;
  readonly data: JsonObject;
}

/** A turn as the data of an event. */
export function turnData({ metrics, ...turn }: TranscriptTurn): JsonObject {
  return { ...turn, metrics: metrics as Readonly<Record<string, Json>> };
}

/** Always of one project. */
export interface LiveInterest {
  readonly projectId: EntityId;
  readonly callId?: EntityId;
  readonly assistantId?: EntityId;
}

/** Why nothing more comes. */
export type LiveEnd =
  /** The subscriber read so slowly that its buffer was full. */
  | 'too_slow'
  /** Something may have been missed on the way here: whoever reads the record again has no hole. */
  | 'lost'
  | 'closed';

export interface LiveSubscription {
  /**
   * The next event, in the order in which they were published by one process; or why there is none any more, and then always
   * that. Asked for by one reader at a time. Never rejects.
   */
  next(): Promise<LiveEvent | LiveEnd>;
  /** Nothing more is wanted: what waits is dropped, and whoever waits gets `closed`. Idempotent. */
  close(): void;
}

/**
 * Carries what happens in calls to whoever watches, in this process or from others. What is stored is published after it is
 * stored, so that whoever subscribes first and then reads the record misses nothing. A carrier may lose events, but it says
 * so: the subscription ends with `lost`, or `too_slow`, and that is counted (`rapida_live_cut_total`).
 */
export interface LiveFeed {
  /** Synchronous and never throws; nobody is waited for. Next to nothing where nobody has subscribed. */
  publish(event: LiveEvent): void;
  /** Resolves when everything that is published from now on, in whatever process, will reach it. */
  subscribe(interest: LiveInterest): Promise<LiveSubscription>;
}

/** Where nobody can watch. */
export const silentFeed: Pick<LiveFeed, 'publish'> = { publish() {} };

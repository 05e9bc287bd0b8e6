import type { CallOverrides } from './assistant/overrides.js';
import type { ErrorCode } from './errors.js';
import type { ContextId, EntityId } from './ids.js';
import type { Json, JsonObject } from './json.js';
import type { TurnMetrics } from './metrics.js';
import type { RetryCause } from './phone-deployment.js';

export const CALL_STATES = [
  'queued',
  'dialing',
  'ringing',
  'answered',
  'registered',
  'connected',
  'completed',
  'failed',
  'no_answer',
  'busy',
  'rejected',
  'cancelled',
  'expired',
] as const;
export type CallState = (typeof CALL_STATES)[number];

export const FINAL_STATES: readonly CallState[] = [
  'completed',
  'failed',
  'no_answer',
  'busy',
  'rejected',
  'cancelled',
  'expired',
];

/** Stored, streamed, and sent to webhooks. */
export const CALL_EVENTS = [
  'webhook',
  'channel_created',
  'call.ringing',
  'call.answered',
  /** An attempt came to nothing and the number will be dialled again. */
  'call.retrying',
  'call.connected',
  /** The caller is in conversation again after the node that held the call had died. */
  'call.resumed',
  /** The caller has left the assistant for the target: the dialplan has taken the order, or Asterisk has. */
  'call.transferred',
  /** Somebody has answered at the target, where that can be seen. */
  'call.transfer_answered',
  /** A transfer came to nothing, with one of {@link TRANSFER_FAILURES}: before the caller left, or at the target. */
  'call.transfer_failed',
  /** A recogniser, model or voice failed; who took over, if anybody. */
  'provider.failed',
  /** The model called a tool: with what, what it gave, how long it took. */
  'tool.called',
  'call.ended',
  'call.failed',
  /** After the end: summary, extraction and success, or why there are none. */
  'call.analysed',
] as const;
export type CallEventType = (typeof CALL_EVENTS)[number];

/** Why a transfer came to nothing. */
export const TRANSFER_FAILURES = [
  // Before the caller has left: the assistant goes on.
  'transfer_not_allowed',
  'transfer_target_unknown',
  'asterisk_refused',
  'asterisk_unreachable',
  /** It could not be written down, which is what the dialplan reads. */
  'not_recorded',
  // With the call.
  'caller_hangup',
  'call_ended',
  /** The dialplan did not ask where to go after its media. */
  'not_taken',
  // At the target.
  'busy',
  'no_answer',
  'unreachable',
] as const;
export type TransferFailure = (typeof TRANSFER_FAILURES)[number];

export type DisconnectedBy = 'user' | 'assistant' | 'system';

export interface CallRecord {
  readonly id: EntityId;
  readonly projectId: EntityId;
  readonly assistantId: EntityId;
  /** The version of the assistant that it began with and keeps; null for calls of before there were any. */
  readonly assistantVersion: number | null;
  readonly contextId: ContextId;
  readonly direction: 'inbound' | 'outbound';
  readonly state: CallState;
  readonly from: string;
  readonly to: string | null;
  readonly channelId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Values for the assistant's sentences, of the request that placed the call. */
  readonly args: Readonly<Record<string, string>>;
  /** What this call has otherwise than its assistant; null: nothing. */
  readonly overrides: CallOverrides | null;
  /** Null for calls that came in. */
  readonly outbound: OutboundOrder | null;
  readonly transport: 'audiosocket' | 'websocket' | 'browser' | null;
  readonly format: string | null;
  /** Wall clock, ms since 1970, as all times of the record. */
  readonly createdAtMs: number;
  readonly connectedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly disconnectedBy: DisconnectedBy | null;
  /** A stable word: why it ended. */
  readonly reason: string | null;
  /** What the dialplan does after the media: `hangup`, `continue` or `goto:context,exten,priority`. */
  readonly directive: string | null;
  /** File name inside the recordings folder, when there is one. */
  readonly recording: string | null;
  /** What a language model made of it when it had ended; null where that was not wanted. */
  readonly analysis: CallAnalysis | null;
  /** The process that holds it, so that a restart can tell its own orphans. */
  readonly nodeId: string;
  /** Times it was taken up again after its node had died: which leg of the call it is, 0 at first. */
  readonly resumes: number;
}

/** What an outbound call was ordered with, and how far dialling it has come. */
export interface OutboundOrder {
  /** Not dialled before this moment. */
  readonly notBeforeMs: number;
  /** Times it was dialled so far. */
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly retryAfterMs: number;
  readonly retryOn: readonly RetryCause[];
  /** Null: the deployment's. */
  readonly ringMs: number | null;
  /** Where the last attempt was dialled, written before Asterisk is asked: a restart finds its channel by this. */
  readonly dialed: DialedLeg | null;
}

export interface DialedLeg {
  readonly credentialId: EntityId;
  readonly app: string;
  readonly mode: 'dialplan' | 'stasis';
  readonly channelId: string;
}

/** Each part is null where it was not asked for. */
export type CallAnalysis =
  /** Promised with the end of the call: it is made, or made again after a restart, so many times at most. */
  | { readonly state: 'pending'; readonly attempts: number }
  | {
      readonly state: 'done';
      readonly summary: string | null;
      readonly extraction: JsonObject | null;
      readonly success: CallSuccess | null;
    }
  | { readonly state: 'failed'; readonly error: ErrorCode };

export interface CallSuccess {
  readonly outcome: 'yes' | 'no' | 'unknown';
  /** In a sentence of the model. */
  readonly reason: string;
}

export type CallPatch = Partial<
  Omit<
    CallRecord,
    | 'id'
    | 'projectId'
    | 'assistantId'
    | 'assistantVersion'
    | 'contextId'
    | 'direction'
    | 'overrides'
    | 'createdAtMs'
    | 'state'
    | 'resumes'
  >
>;

export interface CallEvent {
  readonly seq: number;
  readonly type: CallEventType | (string & {});
  readonly atMs: number;
  readonly data: JsonObject;
}

/** More of what nobody heard is kept of no turn. */
export const UNHEARD_CHARS_MAX = 1_000;

/** One side's part of the conversation as it was heard, times in ms from the moment media connected. */
export interface TranscriptTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly interrupted: boolean;
  /** Of an assistant that was interrupted: what it was about to say, as far as that was known. Up to {@link UNHEARD_CHARS_MAX}. */
  readonly unheard?: string;
  readonly metrics: TurnMetrics;
}

export interface CallMetric {
  readonly name: string;
  readonly value: Json;
}

export interface CallFilter {
  readonly state?: CallState;
  readonly assistantId?: EntityId;
  readonly direction?: 'inbound' | 'outbound';
  readonly from?: string;
  readonly to?: string;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Those that have not ended. */
  readonly live?: true;
  /** What their parts must have, all of it. */
  readonly parts?: CallPartsFilter;
}

/** Asked of what was said and what happened: looked for in so many calls at a time, see `CallStore.list`. */
export interface CallPartsFilter {
  /** In one turn, whatever the case. */
  readonly text?: string;
  /** Somebody was interrupted. */
  readonly interrupted?: true;
  /** An event of this type. */
  readonly event?: string;
  /** A turn with an answer that took at least so long. */
  readonly slowerThanMs?: number;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

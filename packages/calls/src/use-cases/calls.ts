import type {
  CallContext,
  CallEvent,
  CallFilter,
  CallMetric,
  CallRecord,
  ContextId,
  EntityId,
  ErrorCode,
  JsonObject,
  MediaTransport,
  Page,
  SpeakText,
  TranscriptTurn,
} from '@rapida/core';
import type { Waveform } from '../waveform.js';

export interface InboundRequest {
  readonly projectId: EntityId;
  readonly assistantId: string;
  readonly from: string;
  readonly to: string | null;
  readonly channelId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Phase 1. Fails with assistant_id_malformed, caller_missing, assistant_not_found, deployment_disabled, at_capacity, draining. */
export type RegisterInbound = (
  request: InboundRequest,
) => Promise<{ readonly contextId: ContextId; readonly callId: EntityId }>;

/** Whose the call must be. */
export interface ResumeAsker {
  readonly projectId: EntityId;
  readonly assistantId: string;
}

export type MediaClaim =
  | { readonly ok: true; readonly context: CallContext }
  /** `store_failed`: it cannot be known now whether there is such a context. */
  | { readonly ok: false; readonly code: Extract<ErrorCode, `context_${string}`> | 'store_failed' };

/** Phase 2. */
export interface MediaUseCases {
  /** Claims a context for good; a refusal is logged with its reason and counted. Also checks the form of the id. */
  claim(contextId: string, transport: MediaTransport['kind'], remoteAddress: string): Promise<MediaClaim>;
  /** Runs the conversation over a leg whose context was claimed. Resolves when the call has ended and is recorded; never rejects. */
  attach(context: CallContext, transport: MediaTransport): Promise<void>;
  /** The claimed context's leg never came to be (no MEDIA_START, unknown format, mismatch): records the failure. Never rejects. */
  abandon(context: CallContext, code: ErrorCode, detail: string): Promise<void>;
  /**
   * Takes up a call that nobody ended, whose media was lost: its context can be claimed once more, here or on another node, and
   * whatever held it does not any more. `asker` restricts it to calls of theirs. Fails with context_unknown, call_ended,
   * resume_limit, at_capacity or draining.
   */
  resume(contextId: string, asker?: ResumeAsker): Promise<ContextId>;
  /** As `directive`, for a dialplan that can take a call up again: also `resume`, or `begin` where there is no call of this id to go on with. */
  nextStep(contextId: string): Promise<string>;
  /** What the dialplan does next; `hangup` until a transfer was decided. Undefined: no such call, or ended over five minutes ago. */
  directive(contextId: string): Promise<string | undefined>;
  /**
   * What a dialplan or a PBX tells of a call beside its media: recorded as an event, and where it is known it moves a call
   * that has no media. Fails with context_unknown.
   */
  report(contextId: string, type: string, fields: JsonObject): Promise<void>;
}

export interface TestCallRequest {
  readonly projectId: EntityId;
  readonly assistantId: string;
  /** Undefined: the one that is live. */
  readonly version: number | undefined;
  /** What the assistant is told of the caller. */
  readonly from: string;
  readonly mode: 'microphone' | 'text';
}

/** Calls of people who try an assistant in a browser: as any other but for their transport. */
export interface TestCallUseCases {
  /** As `registerInbound`, also where no telephone reaches the assistant; fails with assistant_version_not_found as well. */
  register(request: TestCallRequest): Promise<{ readonly contextId: ContextId; readonly callId: EntityId }>;
  /**
   * For a caller who types: another voice than most assistants have, of this host and in English; for other languages the
   * assistant's own. Fails as opening engines does.
   */
  voice(context: CallContext): Promise<SpeakText>;
}

export interface CallUseCases {
  list(projectId: EntityId, filter: CallFilter, limit: number, cursor: string | null): Promise<Page<CallRecord>>;
  /** All of these fail with call_not_found. */
  get(projectId: EntityId, id: EntityId): Promise<CallRecord>;
  events(projectId: EntityId, id: EntityId): Promise<readonly CallEvent[]>;
  transcript(projectId: EntityId, id: EntityId): Promise<readonly TranscriptTurn[]>;
  metrics(projectId: EntityId, id: EntityId): Promise<readonly CallMetric[]>;
  /** Absolute path of a WAV, readable while the call runs; fails with recording_not_found where there is none. */
  recordingPath(projectId: EntityId, id: EntityId): Promise<string>;
  /** Of the recording, so far as it was written; fails with recording_not_found. */
  waveform(projectId: EntityId, id: EntityId, points: number): Promise<Waveform>;
  /**
   * Ends a live call by the system after what is being said, hangs up one that is being dialled, and takes one that waits
   * out of the queue (both `cancelled`); fails with call_ended, call_not_live, or node_gone where another node held it and has died.
   */
  hangup(projectId: EntityId, id: EntityId): Promise<void>;
  say(projectId: EntityId, id: EntityId, text: string): Promise<void>;
  /**
   * Hands a live call to `context,exten,priority` after what is being said; what becomes of it is told by events. Fails with
   * transfer_not_allowed where the target is not on the list of the deployment, else as `say`.
   */
  transfer(projectId: EntityId, id: EntityId, target: string): Promise<void>;
}

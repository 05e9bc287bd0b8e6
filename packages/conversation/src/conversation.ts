import type {
  AssistantConfig,
  AudioFrame,
  ChatMessage,
  Clock,
  ErrorCode,
  Logger,
  Playout,
  PlayoutListener,
  ProviderSet,
  Scope,
  Telemetry,
  Toolbox,
  ToolCall,
  TranscriptTurn,
  TransferFailure,
} from '@rapida/core';
import type { RenderedGreeting } from './greeting.js';

/**
 * One spoken conversation, from connected media to its end. It is told what happens (`start`, `onFrame`, `onDtmf`,
 * `callerGone`) and speaks through the playout. It never touches a socket and never stores anything: its owner does.
 */
export interface Conversation {
  /** Media is connected: speaks the greeting and starts to listen. Called once. */
  start(): void;
  /** The next 20 ms from the caller. Synchronous and bounded; the only thing on the frame's way in. */
  onFrame(frame: AudioFrame): void;
  onDtmf(digit: string): void;
  /** Says this as soon as the assistant is not speaking. False once the conversation is ending. */
  say(text: string): boolean;
  /**
   * Ends the conversation from our side: what is being said is finished first, up to a bound. Idempotent. `transferTo` is where
   * the caller is handed over then: where that fails the conversation goes on. False where a transfer cannot be ordered (any more).
   */
  finish(reason: string, transferTo?: string): boolean;
  /** Ends it with the goodbye of a server that stops, instead of what is being said; up to a bound. Idempotent. */
  goodbye(reason: string): void;
  /** The leg is gone: everything stops now. Idempotent. */
  callerGone(reason: string): void;
  /** Resolves exactly once, never rejects; by then every utterance has finished and nothing runs any more. */
  readonly ended: Promise<ConversationEnd>;
}

/** What became of an attempt to hand the caller over. */
export type HandOver = { readonly ok: true } | { readonly ok: false; readonly reason: TransferFailure };

export interface ConversationEnd {
  /** `user`: the caller hung up. `assistant`: it said goodbye or transferred. `system`: a limit, a failure, an order from outside. */
  readonly by: 'user' | 'assistant' | 'system';
  /** A stable word, e.g. `caller_hangup`, `end_call`, `transfer`, `caller_silent`, `call_limit`, `provider_failed`. */
  readonly reason: string;
  /** `context,exten,priority` when the caller is handed over: `handOver` has said that it can be done. */
  readonly transferTo?: string;
  /** Whether this is a failure in the record of the call. */
  readonly failed: boolean;
}

export interface ConversationOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** The call's scope: closing it ends the conversation too. */
  readonly scope: Scope;
  readonly config: AssistantConfig;
  readonly providers: ProviderSet;
  /** Rendered ahead where there was time, or what is said instead of it; otherwise it is synthesised on `start`. */
  readonly greeting: RenderedGreeting | undefined;
  /** Set where the call goes on after it was lost: instead of the greeting the caller hears `resumption.say`. */
  readonly resumed?: ResumedConversation;
  readonly transferTargets: readonly string[];
  /**
   * Called when the caller has heard what announces the transfer, to its end. After `ok` nothing more is said; else the
   * conversation goes on. Bounds its own waits by less than `HAND_OVER_MS_MAX`, and stops them when `signal` aborts, whose reason
   * is `caller_hangup` or `call_ended`.
   */
  readonly handOver: (target: string, signal: AbortSignal) => Promise<HandOver>;
  /** What the model may call besides what the product itself can do. Closed by its owner. */
  readonly toolbox?: Toolbox;
  /** Rendered ahead; told when they are ready, which may be during the call. Never rejects. */
  readonly fillers?: Promise<readonly RenderedGreeting[]>;
  /** Values for `{{variables}}`: the assistant's, call metadata, `caller`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly lineRateHz: number;
  /** Called once, at once: the playout speaks to the leg the owner holds. */
  readonly createPlayout: (listener: PlayoutListener) => Playout;
  /** A finished part of the transcript, as it was heard, in the order of its end. Must not throw. */
  readonly onTurn: (turn: TranscriptTurn) => void;
  /** A tool was called and is done, or was refused. Must not throw. */
  readonly onTool?: (use: ToolRecord) => void;
  /** The model notes something about the call. Must not throw. */
  readonly onMetadata?: (name: string, value: string) => void;
  /** What happens, as it happens, for live views. Must not throw. */
  readonly onLive?: (event: LiveEvent) => void;
}

export interface ResumedConversation {
  /** What was said and heard, oldest first. Where it ends with the caller, that is answered. */
  readonly history: readonly ChatMessage[];
  /** Since media connected first: times of turns and the limit of the call count from there. */
  readonly elapsedMs: number;
}

export interface ToolRecord {
  readonly call: ToolCall;
  /** What the model was told. */
  readonly result: string;
  /** Null where it went well. */
  readonly code: ErrorCode | null;
  readonly durationMs: number;
}

export type LiveEvent =
  | { readonly type: 'caller_partial'; readonly text: string }
  | { readonly type: 'caller_said'; readonly text: string; readonly rejected: boolean }
  | { readonly type: 'assistant_saying'; readonly text: string }
  | { readonly type: 'assistant_paused' }
  | { readonly type: 'assistant_resumed' }
  | { readonly type: 'assistant_interrupted' };

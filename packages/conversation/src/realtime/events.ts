import type { ErrorCode, ToolCall } from '@rapida/core';
import type { HandOver } from '../conversation.js';

/** What can happen to a conversation over a realtime model. Each comes with the time it happened at. */
export type RealtimeConversationEvent = { readonly atMs: number } & (
  | { readonly type: 'started' }
  // The caller, from the ears.
  | { readonly type: 'speech-start'; readonly startMs: number }
  /** The running segment holds as much voiced sound as it takes to interrupt. */
  | { readonly type: 'speech-sustained' }
  | { readonly type: 'speech-end'; readonly lastVoicedMs: number }
  | { readonly type: 'dtmf'; readonly digit: string }
  | { readonly type: 'caller-gone'; readonly reason: string }
  // The model.
  | { readonly type: 'caller-text'; readonly turn: number; readonly text: string; readonly final: boolean }
  | { readonly type: 'answer-text'; readonly answer: number; readonly text: string }
  | { readonly type: 'answer-tool'; readonly answer: number; readonly call: ToolCall }
  | { readonly type: 'answer-done'; readonly answer: number; readonly awaits: 'nothing' | 'tools' }
  | { readonly type: 'tool-result'; readonly callId: string; readonly result: string; readonly code: ErrorCode | null }
  /** More of it waits than is kept: nobody listens for that long. */
  | { readonly type: 'answer-too-long'; readonly answer: number }
  | { readonly type: 'session-failed'; readonly code: ErrorCode }
  // Sound of the model or of a voice, and the playout.
  /** So much sound of it exists; the whole of it when `complete`. */
  | { readonly type: 'sound'; readonly answer: number; readonly soundMs: number; readonly complete: boolean }
  | { readonly type: 'voice-failed'; readonly answer: number; readonly code: ErrorCode }
  | { readonly type: 'utterance-started'; readonly answer: number }
  | { readonly type: 'utterance-finished'; readonly answer: number; readonly playedMs: number; readonly cut: boolean }
  // Time and the outside.
  | { readonly type: 'handed-over'; readonly result: HandOver }
  | { readonly type: 'timer'; readonly name: RealtimeTimerName }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'finish'; readonly reason: string; readonly transferTo?: string }
  | { readonly type: 'goodbye'; readonly reason: string }
);

export const REALTIME_TIMERS = [
  'endpoint',
  'silence',
  'dtmf',
  'model',
  'transcript',
  'call-limit',
  'closing',
  'hand-over',
] as const;
export type RealtimeTimerName = (typeof REALTIME_TIMERS)[number];

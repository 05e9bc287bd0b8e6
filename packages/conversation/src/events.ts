import type { ErrorCode, Json, SpokenWord, ToolCall } from '@rapida/core';
import type { HandOver } from './conversation.js';

/** What can happen to a conversation. Each comes with the time it happened at, in ms of the injected clock. */
export type ConversationEvent = { readonly atMs: number } & (
  | { readonly type: 'started' }
  // The caller, from the ears.
  | { readonly type: 'speech-start'; readonly startMs: number }
  /** The running segment holds as much voiced sound as it takes to interrupt. */
  | { readonly type: 'speech-sustained'; readonly voicedMs: number }
  /** So long that it is an interruption whatever the words. */
  | { readonly type: 'speech-long'; readonly voicedMs: number }
  | { readonly type: 'speech-end'; readonly lastVoicedMs: number; readonly voicedMs: number }
  | { readonly type: 'final'; readonly text: string; readonly rejected: boolean }
  | { readonly type: 'dtmf'; readonly digit: string }
  | { readonly type: 'caller-gone'; readonly reason: string }
  // The model.
  | { readonly type: 'model-text'; readonly reply: number; readonly text: string }
  | { readonly type: 'model-tool'; readonly reply: number; readonly call: ToolCall }
  | { readonly type: 'model-memo'; readonly reply: number; readonly memo: Json }
  | { readonly type: 'model-done'; readonly reply: number }
  | { readonly type: 'tool-result'; readonly callId: string; readonly result: string; readonly code: ErrorCode | null }
  // The voice and the playout.
  | { readonly type: 'sound'; readonly utterance: number; readonly soundMs: number; readonly synthesised: boolean }
  | { readonly type: 'words'; readonly utterance: number; readonly words: readonly SpokenWord[] }
  | { readonly type: 'utterance-started'; readonly utterance: number }
  | {
      readonly type: 'utterance-finished';
      readonly utterance: number;
      readonly playedMs: number;
      readonly cut: boolean;
    }
  | { readonly type: 'failed'; readonly kind: 'stt' | 'llm' | 'tts'; readonly reply: number; readonly code: ErrorCode }
  /** These can be played at once, from now on. */
  | { readonly type: 'fillers-ready'; readonly texts: readonly string[] }
  // Time and the outside.
  | { readonly type: 'handed-over'; readonly result: HandOver }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'finish'; readonly reason: string; readonly transferTo?: string }
  | { readonly type: 'goodbye'; readonly reason: string }
);

export const TIMERS = [
  'endpoint',
  'resume',
  'silence',
  'dtmf',
  'stt',
  'call-limit',
  'closing',
  'hand-over',
  'filler',
] as const;
export type TimerName = (typeof TIMERS)[number];

import type { Json, LanguageModelRequest, ToolCall } from '@rapida/core';
import type { ConversationEnd } from './conversation.js';
import type { TimerName } from './events.js';
import type { Telling } from './shell/tell.js';

/** What the shell is told to do, in this order, after a step. */
export type Action =
  | { readonly type: 'think'; readonly reply: number; readonly request: Omit<LanguageModelRequest, 'tools'> }
  | { readonly type: 'stop-thinking' }
  /** Speaks a piece of the reply; opens a request to the voice where none is open for this reply. */
  | {
      readonly type: 'speak';
      readonly reply: number;
      readonly utterance: number;
      readonly text: string;
      readonly voice: 'main' | 'spare';
    }
  /** Plays the greeting rendered ahead as one utterance. */
  | { readonly type: 'play-greeting'; readonly reply: number; readonly utterance: number }
  /** No more pieces for this reply. */
  | { readonly type: 'speak-end'; readonly reply: number }
  /** Silence at once; the request to the voice is stopped, sound not heard is kept. */
  | { readonly type: 'pause-voice' }
  /** Silence, but the request goes on. */
  | { readonly type: 'hold-voice' }
  | { readonly type: 'resume-voice' }
  /** Silence at once and for good: queue, request, the peer's queue. */
  | { readonly type: 'cut-voice' }
  | { readonly type: 'reopen-ears' }
  | { readonly type: 'expect'; readonly memo: Json }
  | { readonly type: 'set-timer'; readonly name: TimerName; readonly delayMs: number }
  | { readonly type: 'cancel-timer'; readonly name: TimerName }
  | Telling
  /** Asks for the caller to be handed over; the answer comes as an event. */
  | { readonly type: 'hand-over'; readonly target: string }
  /** The answer is not wanted any more. */
  | { readonly type: 'stop-hand-over' }
  | { readonly type: 'run-tool'; readonly call: ToolCall; readonly sideEffect: boolean }
  /** The results of what runs are not wanted any more; what changes something is let finish. */
  | { readonly type: 'stop-tools' }
  /** As tones, in an utterance of their own. */
  | { readonly type: 'press-keys'; readonly utterance: number; readonly digits: string }
  /** One of those that are ready, as one utterance. */
  | { readonly type: 'play-filler'; readonly index: number; readonly utterance: number }
  | { readonly type: 'end'; readonly end: ConversationEnd };

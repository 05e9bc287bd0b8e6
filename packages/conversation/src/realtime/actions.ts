import type { ChatMessage, ToolCall } from '@rapida/core';
import type { ConversationEnd } from '../conversation.js';
import type { Telling } from '../shell/tell.js';
import type { RealtimeTimerName } from './events.js';

/** What the shell is told to do, in this order, after a step. An answer and its utterance have the same number. */
export type RealtimeAction =
  /** Opens a session with the model, in the place of the one there is. */
  | { readonly type: 'open-session'; readonly history: readonly ChatMessage[] }
  /** What the caller says from here on, and what was kept of it, goes to the model. */
  | { readonly type: 'begin-turn'; readonly turn: number }
  /** What the model has to know before it answers. */
  | { readonly type: 'tell'; readonly text: string }
  /** The turn is over, if one was open: asks for an answer. */
  | { readonly type: 'ask'; readonly answer: number }
  | { readonly type: 'ask-to-say'; readonly answer: number; readonly text: string }
  | { readonly type: 'tool-result'; readonly answer: number; readonly call: ToolCall; readonly result: string }
  | { readonly type: 'run-tool'; readonly call: ToolCall; readonly sideEffect: boolean }
  /** The results of what runs are not wanted any more; what changes something is let finish. */
  | { readonly type: 'stop-tools' }
  /** Asks for the caller to be handed over; the answer comes as an event. */
  | { readonly type: 'hand-over'; readonly target: string }
  /** The answer is not wanted any more. */
  | { readonly type: 'stop-hand-over' }
  | { readonly type: 'truncate'; readonly answer: number; readonly playedMs: number }
  /** Tells the model what was said without it. */
  | { readonly type: 'remember'; readonly text: string }
  /** Says a text without the model. */
  | { readonly type: 'speak'; readonly answer: number; readonly text: string }
  | { readonly type: 'play-greeting'; readonly answer: number }
  /** No more sound of the model comes for this answer. */
  | { readonly type: 'end-sound'; readonly answer: number }
  /** Silence, but sound is still taken in. */
  | { readonly type: 'hold-voice' }
  | { readonly type: 'resume-voice' }
  /** Silence at once and for good; late sound is refused. */
  | { readonly type: 'cut-voice' }
  | { readonly type: 'set-timer'; readonly name: RealtimeTimerName; readonly delayMs: number }
  | { readonly type: 'cancel-timer'; readonly name: RealtimeTimerName }
  | Telling
  | { readonly type: 'end'; readonly end: ConversationEnd };

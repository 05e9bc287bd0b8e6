import type { ChatMessage, ToolCall, TranscriptTurn, TurnMetrics } from '@rapida/core';
import type { ConversationEnd } from '../conversation.js';
import type { Piece } from '../state.js';

/** All a conversation over a realtime model knows. Only `step` makes a new one. */
export interface RealtimeState {
  readonly phase: 'waiting' | 'live' | 'ended';
  /** When media connected; transcript times count from here. */
  readonly startedMs: number;
  readonly caller: RealtimeCaller;
  /** What the assistant is preparing, saying or being stopped in; one at a time. */
  readonly answer: Answer | undefined;
  /** The transcript up to the first turn that is not understood yet has been told; this follows. Bounded by {@link ENTRIES_MAX}. */
  readonly entries: readonly Entry[];
  /** What was said and heard, for a session that takes the place of a lost one; bounded, oldest dropped. */
  readonly history: readonly ChatMessage[];
  /** Sentences from outside, waiting for a moment when nobody speaks. Bounded. */
  readonly sayQueue: readonly string[];
  readonly silencePrompts: number;
  readonly silenceTimerSet: boolean;
  /** Failures since the last answer that was heard whole. */
  readonly failures: number;
  /** Set when the end is certain and only the closing of the answer is awaited. */
  readonly ending: ConversationEnd | undefined;
  /** A goodbye to be said as soon as the running answer has closed, or where there is no text, a transfer to be made then. */
  readonly planned: { readonly text: string; readonly end: ConversationEnd } | undefined;
  /** Whether the caller can be handed over is being asked: nobody speaks, and what the caller says waits. */
  readonly handingOver: HandingOver | undefined;
  /** Since the caller said something. */
  readonly handOversFailed: number;
  readonly nextTurn: number;
  readonly nextAnswer: number;
}

export interface RealtimeCaller {
  readonly speaking: boolean;
  /** The turn the model listens to. Opened when the caller speaks and nobody else does, or has been interrupted. */
  readonly turn: number | undefined;
  /** What was understood of that turn so far. */
  readonly text: string;
  /** Nothing more will be understood of it. */
  readonly understood: boolean;
  readonly startMs: number;
  readonly lastVoicedMs: number;
  /** Keys pressed and not yet told to the model. Bounded. */
  readonly digits: string;
}

export const QUIET: RealtimeCaller = {
  speaking: false,
  turn: undefined,
  text: '',
  understood: false,
  startMs: 0,
  lastVoicedMs: 0,
  digits: '',
};

export type AnswerOrigin = 'greeting' | 'resumption' | 'answer' | 'silence_prompt' | 'failure' | 'goodbye' | 'say';

export interface Answer {
  readonly id: number;
  readonly origin: AnswerOrigin;
  /** `local`: greeting rendered ahead, and what is said about the model's failure. */
  readonly voice: 'model' | 'local';
  readonly interruptible: boolean;
  /** The text it is to be, where it is fixed; else empty. */
  readonly wanted: string;
  /** `tools`: it goes on when it has the results that are missing. `idle`: nothing more comes of it from the model. */
  readonly model: 'running' | 'tools' | 'idle';
  /** Those that are running. */
  readonly tools: readonly RunningTool[];
  /** What was called in this answer, with the arguments: repetitions are counted. */
  readonly toolsCalled: readonly string[];
  /** Times it has gone on after results. */
  readonly rounds: number;
  /** Its text and sound: one utterance of the playout with the number of the answer. */
  readonly piece: Piece;
  /** Text that has not been shown live: no whole sentence yet. */
  readonly unshown: string;
  /** Not begun yet because the caller makes a sound. Released when it was nothing. */
  readonly held: boolean;
  readonly stopping: 'no' | 'interrupted' | 'taken_back' | 'ended';
  /** What follows when it was heard to its end. */
  readonly followedBy: ConversationEnd | undefined;
  /** How the model asked for it. */
  readonly followedByCall: ToolCall | undefined;
  readonly failedBy: RealtimeFailure | undefined;
  /** When the caller, whom it answers, was heard last. */
  readonly askedByMs: number | undefined;
  readonly askedMs: number;
  readonly firstMs: number | undefined;
  readonly heardFromMs: number | undefined;
  readonly heardToMs: number;
}

export interface RunningTool {
  readonly call: ToolCall;
  readonly startedMs: number;
  readonly sideEffect: boolean;
}

export interface HandingOver {
  readonly target: string;
  /** What the conversation ends with where it can be done. */
  readonly end: ConversationEnd;
  /** Whether the model asked for it, and is to be told where it cannot be done. */
  readonly byModel: boolean;
  /** The answer that announced it: the model waits for a result of it. */
  readonly announced: { readonly answer: number; readonly playedMs: number } | undefined;
}

export interface RealtimeFailure {
  readonly kind: 'realtime' | 'tts';
  readonly code: string;
}

/** A part of the transcript, in the order of its end. What the model understood of the caller may come late. */
export type Entry =
  | { readonly role: 'assistant'; readonly turn: TranscriptTurn }
  | {
      readonly role: 'user';
      /** Undefined for keys. */
      readonly turn: number | undefined;
      readonly text: string;
      readonly keys: string;
      readonly final: boolean;
      readonly startMs: number;
      readonly endMs: number;
      readonly metrics: TurnMetrics;
    };

export const ENTRIES_MAX = 50;
/** As many messages as a session that takes the place of another is told. */
export const REMEMBERED_MAX = 100;

export function initialRealtimeState(): RealtimeState {
  return {
    phase: 'waiting',
    startedMs: 0,
    caller: QUIET,
    answer: undefined,
    entries: [],
    history: [],
    sayQueue: [],
    silencePrompts: 0,
    silenceTimerSet: false,
    failures: 0,
    ending: undefined,
    planned: undefined,
    handingOver: undefined,
    handOversFailed: 0,
    nextTurn: 1,
    nextAnswer: 1,
  };
}

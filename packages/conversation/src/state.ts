import type { ChatMessage, ErrorCode, Json, SpokenWord, ToolCall, TranscriptTurn } from '@rapida/core';
import type { ConversationEnd } from './conversation.js';

/** All a conversation knows. Only `step` makes a new one; the shell never looks inside. */
export interface State {
  readonly phase: 'waiting' | 'live' | 'ended';
  /** When media connected; transcript times count from here. */
  readonly startedMs: number;
  readonly caller: Caller;
  /** What the assistant is preparing, saying or being stopped in; one at a time. */
  readonly reply: Reply | undefined;
  /** Sentences from outside, waiting for a moment when nobody speaks. Bounded by {@link SAY_QUEUE_MAX}. */
  readonly sayQueue: readonly string[];
  /** What was said and heard; bounded by {@link HISTORY_MAX}, oldest dropped. */
  readonly history: readonly ChatMessage[];
  readonly memo: Json;
  /** Prompts spoken into the caller's silence since they last said something. */
  readonly silencePrompts: number;
  readonly silenceTimerSet: boolean;
  /** Provider failures since the last answer that was spoken whole. */
  readonly failures: number;
  /** Set when the end is certain and only the closing of the reply is awaited. */
  readonly ending: ConversationEnd | undefined;
  /** A goodbye to be said as soon as the running reply has closed, or where there is no text, a transfer to be made then. */
  readonly planned: { readonly text: string; readonly end: ConversationEnd } | undefined;
  /** Whether the caller can be handed over is being asked: nobody speaks, and what the caller says waits. */
  readonly handingOver: HandingOver | undefined;
  /** Since the caller said something. */
  readonly handOversFailed: number;
  /** Fillers that are ready to be played, by their place in the configuration. */
  readonly fillers: readonly string[];
  /** Fillers said since it is awaited what was understood of the caller. */
  readonly fillersBefore: number;
  /** When the caller last heard something of the assistant to its end. */
  readonly heardToMs: number;
  /** When the next filler is due; the timer that is set. */
  readonly fillerAtMs: number | undefined;
  readonly nextReply: number;
  readonly nextUtterance: number;
}

export interface HandingOver {
  readonly target: string;
  /** What the conversation ends with where it can be done. */
  readonly end: ConversationEnd;
  /** How the model asked for it, to be told where it cannot. */
  readonly call: ToolCall | undefined;
}

export const SAY_QUEUE_MAX = 20;
export const HISTORY_MAX = 400;

/** The caller's running turn: what was said since the last turn was committed. */
export interface Caller {
  readonly speaking: boolean;
  /** Voiced sound in the running (or last) segment. */
  readonly voicedMs: number;
  /** Segments whose final has not come. */
  readonly finalsAwaited: number;
  readonly texts: readonly string[];
  /** Something long enough to be speech was not understood. */
  readonly rejected: boolean;
  readonly startMs: number | undefined;
  readonly lastVoicedMs: number;
  readonly segmentEndMs: number;
  readonly sttLatencyMs: number | undefined;
  /** Keys pressed and not yet taken as an answer. Bounded by {@link DIGITS_MAX}. */
  readonly digits: string;
}

export const DIGITS_MAX = 64;

export const QUIET_CALLER: Caller = {
  speaking: false,
  voicedMs: 0,
  finalsAwaited: 0,
  texts: [],
  rejected: false,
  startMs: undefined,
  lastVoicedMs: 0,
  segmentEndMs: 0,
  sttLatencyMs: undefined,
  digits: '',
};

export type ReplyOrigin =
  | 'greeting'
  | 'resumption'
  | 'answer'
  | 'filler'
  | 'silence_prompt'
  | 'failure'
  | 'goodbye'
  | 'say';

/** One answer of the assistant: text that arrives in pieces, each spoken as one utterance of the playout. */
export interface Reply {
  readonly id: number;
  readonly origin: ReplyOrigin;
  readonly interruptible: boolean;
  /** `spare`: the assistant's own voice has failed. */
  readonly voice: 'main' | 'spare';
  /** `tools`: it has said what it had to and waits for its tools. `idle`: no language model is at work for it (any more). */
  readonly model: 'running' | 'tools' | 'idle';
  /** Requests made to the model for this reply, tool rounds included. */
  readonly rounds: number;
  /** What the model called in this round; it is told of all of it at once. Bounded by {@link TOOLS_AT_ONCE_MAX}. */
  readonly tools: readonly ToolUse[];
  /** Calls of all rounds, to know a loop: name and arguments. */
  readonly toolsCalled: readonly string[];
  /** Something that cannot be undone was begun for it. */
  readonly hasSideEffect: boolean;
  /** Keys to be pressed when what was said before them has been synthesised. */
  readonly keys: string;
  /** Fillers said in it. */
  readonly fillers: number;
  /** Text of the model that is not a whole piece yet. */
  readonly unspoken: string;
  readonly pieces: readonly Piece[];
  /** Sound is held back because the caller began to speak; the requests behind it are stopped. */
  readonly paused: boolean;
  /** Not begun yet because the caller makes a sound; the requests go on. Released when it was nothing. */
  readonly held: boolean;
  /** Where the model was stopped in the middle and has to go on if the reply resumes. */
  readonly modelCutOff: boolean;
  /** Being cut: it closes when its last open utterance has reported back. */
  readonly stopping: 'no' | 'interrupted' | 'taken_back' | 'ended';
  /** What follows when it was heard to its end. */
  readonly followedBy: ConversationEnd | undefined;
  /** The call of the model that `followedBy` comes from. */
  readonly followedByCall: ToolCall | undefined;
  /** A provider failed on the way: the sentence about it follows what can still be heard. */
  readonly failedBy: Failure | undefined;
  /** The caller's turn it answers. */
  readonly asked: Asked | undefined;
  readonly memoBefore: Json;
  /** When it was begun: the caller's turn was over then. */
  readonly begunMs: number;
  /** The request that the first text came of; those before it only called tools. */
  readonly askedModelMs: number;
  readonly firstTextMs: number | undefined;
  /** These three are of the answer, not of what is said in the meantime. */
  readonly firstPieceMs: number | undefined;
  readonly firstSoundMs: number | undefined;
  readonly answerFromMs: number | undefined;
  readonly heardFromMs: number | undefined;
  readonly heardToMs: number;
}

/** One call of a tool. */
export interface ToolUse {
  readonly call: ToolCall;
  /** Undefined while it runs. */
  readonly result: string | undefined;
  readonly code: ErrorCode | null;
  readonly sideEffect: boolean;
  /** It was not run at all: what the model said with it is not said. */
  readonly isRefused: boolean;
  readonly startedMs: number;
}

export const TOOLS_AT_ONCE_MAX = 8;

export interface Asked {
  readonly message: Extract<ChatMessage, { role: 'user' }>;
  readonly startMs: number;
  readonly lastVoicedMs: number;
  /** Told to the record once it is certain that it stands; undefined when that has happened. */
  readonly turn: TranscriptTurn | undefined;
}

export interface Failure {
  readonly kind: 'stt' | 'llm' | 'tts';
  readonly code: string;
}

export interface Piece {
  readonly utterance: number;
  readonly text: string;
  /** `meanwhile`: words for the time until the answer is there. */
  readonly part: 'answer' | 'meanwhile';
  /** `waiting`: no sound of it exists yet; `playing`: the playout has at least its beginning. */
  readonly stage: 'waiting' | 'playing' | 'finished';
  /** Sound synthesised so far; the whole of it when `synthesised`. */
  readonly soundMs: number;
  readonly synthesised: boolean;
  readonly words: readonly SpokenWord[];
  readonly playedMs: number;
  readonly cut: boolean;
}

export function initialState(): State {
  return {
    phase: 'waiting',
    startedMs: 0,
    caller: QUIET_CALLER,
    reply: undefined,
    sayQueue: [],
    history: [],
    memo: null,
    silencePrompts: 0,
    silenceTimerSet: false,
    failures: 0,
    ending: undefined,
    planned: undefined,
    handingOver: undefined,
    handOversFailed: 0,
    fillers: [],
    fillersBefore: 0,
    heardToMs: 0,
    fillerAtMs: undefined,
    nextReply: 1,
    nextUtterance: 1,
  };
}

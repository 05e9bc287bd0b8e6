import type { AudioFrame } from './frame.js';
import type { ChatMessage, ToolCall, ToolDefinition } from './language-model.js';

/**
 * A model that hears and speaks itself. What it says is still ours to steer: our detector says when the caller speaks, our turn
 * policy when they have finished, our playout what of an answer was heard. One attempt: a failure ends the session.
 */
export interface RealtimeModel {
  readonly provider: string;
  /** Cheap and synchronous: connecting happens behind it, and what is written meanwhile waits. `signal` closes the session. */
  open(options: RealtimeOptions, signal: AbortSignal): RealtimeSession;
}

export interface RealtimeOptions {
  readonly instructions: string;
  /** Values for `{{variables}}` in the instructions. */
  readonly variables: Readonly<Record<string, string>>;
  /** BCP 47, e.g. `en-US`. */
  readonly language: string;
  /** Rate of what is on the phone line: where it is 8000, a model that takes telephone sound is given that. */
  readonly lineRateHz: number;
  readonly tools: readonly ToolDefinition[];
  /** What was said before, oldest first, where a session takes the place of one that was lost. */
  readonly history: readonly ChatMessage[];
}

/**
 * One conversation with the model. Turns of the caller and answers are numbered by whoever writes; the numbers grow. One answer
 * is made at a time: before another one is asked for, the one before is done or `truncate`d. Iterating (once) yields what comes of
 * it. The iterator ends when the session is closed and throws a `RapidaError` when the model fails. All methods are synchronous and
 * harmless after the end.
 */
export interface RealtimeSession extends AsyncIterable<RealtimeEvent> {
  /** The caller begins to speak: frames up to the next `answer` belong to this turn. Ignored while a turn is open. */
  beginTurn(turn: number): void;
  /** The next 20 ms of the open turn; ignored where none is open. Never blocks; too much sound is dropped, oldest first, and counted. */
  write(frame: AudioFrame): void;
  /** What the caller did without a voice (keys they pressed), before the answer that is asked for next. */
  tell(text: string): void;
  /** The assistant said this, but by another voice. */
  remember(text: string): void;
  /** Closes the open turn, if there is one, and asks for an answer to what was said and told. */
  answer(answer: number): void;
  /** Asks for an answer that is this text, word for word as far as the model obeys. */
  say(answer: number, text: string): void;
  /** When each call of an answer has its result, the same answer goes on. */
  toolResult(answer: number, call: ToolCall, result: string): void;
  /**
   * Stops an answer of which the caller heard `playedMs`, and lets the model forget what they did not hear, as far as it can.
   * Nothing more of it is yielded, also of what is on its way.
   */
  truncate(answer: number, playedMs: number): void;
  /** Idempotent. */
  close(): void;
}

export type RealtimeEvent =
  /** 16 kHz mono, any length but none. The receiver owns the samples. */
  | { readonly type: 'audio'; readonly answer: number; readonly samples: Int16Array }
  /** What the answer says, in pieces, in order; it may come before or after the sound of it. */
  | { readonly type: 'text'; readonly answer: number; readonly text: string }
  | { readonly type: 'tool-call'; readonly answer: number; readonly call: ToolCall }
  /**
   * All of the answer has come. `tools`: it waits for the results of its calls and goes on after them; nobody has to give them.
   * An answer may be empty: some models do not answer a noise.
   */
  | { readonly type: 'answer-done'; readonly answer: number; readonly awaits: 'nothing' | 'tools' }
  /** All that was understood of a turn so far. Final once per turn, sooner or later: an answer does not wait for it. */
  | { readonly type: 'caller-text'; readonly turn: number; readonly text: string; readonly final: boolean }
  | { readonly type: 'usage'; readonly inputTokens: number; readonly outputTokens: number };

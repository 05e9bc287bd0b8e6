import type { AssistantConfig, Json, RecognitionHints, TurnDetector } from '@rapida/core';
import type { Action } from './actions.js';
import type { ResumedConversation } from './conversation.js';
import { type MoveOf, movesOf, type SteppedOf } from './moves-of.js';
import type { State } from './state.js';
import type { ToolRules } from './tools.js';

/** What a decision may look at besides the state: constant for the whole conversation, but for the time. */
export interface View {
  readonly nowMs: number;
  readonly config: AssistantConfig;
  readonly variables: Readonly<Record<string, string>>;
  readonly toolRules: ToolRules;
  readonly detector: TurnDetector;
  /** What a caller may sensibly say at this point of the dialogue. Pure. */
  readonly expectations: (memo: Json) => RecognitionHints;
  /** The text that was rendered ahead, when it was: of the greeting, or of what is said instead. */
  readonly renderedGreeting: string | undefined;
  /** Set where the call goes on after it was lost. */
  readonly resumed: ResumedConversation | undefined;
}

export type Stepped = SteppedOf<State, Action>;

/** A part of a decision. Pure; moves are composed with {@link inTurn}. */
export type Move = MoveOf<State, Action, View>;

export const { inTurn, stay, act, set, when } = movesOf<State, Action, View>();

export function setCaller(change: Partial<State['caller']>): Move {
  return (state) => [{ ...state, caller: { ...state.caller, ...change } }, []];
}

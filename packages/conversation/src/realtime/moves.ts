import type { AssistantConfig, TurnDetector } from '@rapida/core';
import type { ResumedConversation } from '../conversation.js';
import { type MoveOf, movesOf, type SteppedOf } from '../moves-of.js';
import type { ToolRules } from '../tools.js';
import type { RealtimeAction } from './actions.js';
import type { Answer, RealtimeState } from './state.js';

/** What a decision may look at besides the state: constant for the whole conversation, but for the time. */
export interface View {
  readonly nowMs: number;
  readonly config: AssistantConfig;
  readonly toolRules: ToolRules;
  readonly detector: TurnDetector;
  /** The text that was rendered ahead, when it was: of the greeting, or of what is said instead. */
  readonly renderedGreeting: string | undefined;
  /** Set where the call goes on after it was lost. */
  readonly resumed: ResumedConversation | undefined;
}

export type Stepped = SteppedOf<RealtimeState, RealtimeAction>;
export type Move = MoveOf<RealtimeState, RealtimeAction, View>;

export const { inTurn, stay, act, set, when } = movesOf<RealtimeState, RealtimeAction, View>();

export function setCaller(change: Partial<RealtimeState['caller']>): Move {
  return (state) => [{ ...state, caller: { ...state.caller, ...change } }, []];
}

export function setAnswer(change: Partial<Answer>): Move {
  return (state) => [state.answer === undefined ? state : { ...state, answer: { ...state.answer, ...change } }, []];
}

export function setPiece(change: Partial<Answer['piece']>): Move {
  return (state, view) =>
    state.answer === undefined ? [state, []] : setAnswer({ piece: { ...state.answer.piece, ...change } })(state, view);
}

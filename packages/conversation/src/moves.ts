import type { AssistantConfig, Json, RecognitionHints, TurnDetector } from '@rapida/core';
import type { Action } from './actions.js';
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
  /** The text of the greeting that was rendered ahead, when it was. */
  readonly renderedGreeting: string | undefined;
}

export type Stepped = readonly [State, readonly Action[]];

/** A part of a decision. Pure; moves are composed with {@link inTurn}. */
export type Move = (state: State, view: View) => Stepped;

/** Applies moves one after the other, each to the state the one before left, and joins their actions. */
export function inTurn(...moves: readonly Move[]): Move {
  return (state, view) => {
    let current = state;
    const actions: Action[] = [];
    for (const move of moves) {
      const [next, more] = move(current, view);
      current = next;
      actions.push(...more);
    }
    return [current, actions];
  };
}

export const stay: Move = (state) => [state, []];

export function act(...actions: readonly Action[]): Move {
  return (state) => [state, actions];
}

export function set(change: Partial<State>): Move {
  return (state) => [{ ...state, ...change }, []];
}

export function setCaller(change: Partial<State['caller']>): Move {
  return (state) => [{ ...state, caller: { ...state.caller, ...change } }, []];
}

export function when(condition: (state: State, view: View) => boolean, then: Move, otherwise: Move = stay): Move {
  return (state, view) => (condition(state, view) ? then : otherwise)(state, view);
}

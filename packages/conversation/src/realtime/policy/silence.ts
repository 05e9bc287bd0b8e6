import { inTurn, type Move, set, stay } from '../moves.js';
import type { RealtimeState } from '../state.js';
import { sayText } from './answer.js';

/** What happens while nobody speaks: sentences from outside, prompts, and at last a goodbye. */

function nobodySpeaks({ phase, ending, handingOver, answer, caller }: RealtimeState): boolean {
  if (phase !== 'live' || ending !== undefined || handingOver !== undefined || answer !== undefined) return false;
  return !caller.speaking && caller.turn === undefined && caller.digits === '';
}

/** Runs after every step: the silence timer follows from the state, so nobody can forget to set or cancel it. */
export const minded: Move = (state, view) => {
  if (state.phase === 'ended') return [state, []];
  const next = state.sayQueue[0];
  if (next === undefined || !nobodySpeaks(state)) return silenceTimer(state, view);
  return inTurn(
    set({ sayQueue: state.sayQueue.slice(1) }),
    sayText(next, { origin: 'say' }),
    silenceTimer,
  )(state, view);
};

const silenceTimer: Move = (state, view) => {
  const wanted = nobodySpeaks(state);
  if (wanted === state.silenceTimerSet) return stay(state, view);
  const next = { ...state, silenceTimerSet: wanted };
  if (!wanted) return [next, [{ type: 'cancel-timer', name: 'silence' }]];
  return [next, [{ type: 'set-timer', name: 'silence', delayMs: view.config.silence.promptAfterMs }]];
};

export const onSilence: Move = (state, view) => {
  const { prompts, goodbye } = view.config.silence;
  const quiet = { ...state, silenceTimerSet: false };
  if (!nobodySpeaks(quiet)) return [quiet, []];
  const prompt = prompts[state.silencePrompts];
  if (prompt !== undefined) {
    return inTurn(set({ silencePrompts: state.silencePrompts + 1 }), sayText(prompt, { origin: 'silence_prompt' }))(
      quiet,
      view,
    );
  }
  const end = { by: 'assistant', reason: 'caller_silent', failed: false } as const;
  return sayText(goodbye, { origin: 'goodbye', followedBy: end })(quiet, view);
};

import { DIGITS_MAX } from '../../state.js';
import { act, inTurn, type Move, setCaller, stay } from '../moves.js';
import { isCommitted } from './tools.js';
import { commit, interrupt } from './turn.js';

/** Keys: pressing one stops the assistant at once; `#` or a pause makes an answer of those pressed so far. */

export function onDtmf(digit: string): Move {
  return (state, view) => {
    const { answer, caller } = state;
    if (state.phase !== 'live' || state.ending !== undefined || state.handingOver !== undefined) return [state, []];
    if (answer !== undefined && (!answer.interruptible || isCommitted(answer))) return [state, []];
    const stop = answer === undefined || answer.stopping !== 'no' ? stay : interrupt;
    const digits = digit === '#' ? caller.digits : (caller.digits + digit).slice(0, DIGITS_MAX);
    const isFirst = caller.turn === undefined && caller.digits === '';
    const pressed = setCaller({ digits, startMs: isFirst ? view.nowMs : caller.startMs, lastVoicedMs: view.nowMs });
    const delayMs = digit === '#' ? 0 : view.config.turn.dtmfGapMs;
    return inTurn(stop, pressed, act({ type: 'set-timer', name: 'dtmf', delayMs }))(state, view);
  };
}

/** Where the caller speaks as well, the keys go with what they say. */
export const onDtmfPause: Move = (state, view) => {
  const { digits, turn } = state.caller;
  if (state.phase !== 'live' || state.ending !== undefined || state.handingOver !== undefined) return [state, []];
  if (digits === '') return [state, []];
  return state.answer !== undefined || turn !== undefined ? [state, []] : commit({})(state, view);
};

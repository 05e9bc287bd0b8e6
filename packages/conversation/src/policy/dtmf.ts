import { act, inTurn, type Move, setCaller, stay } from '../moves.js';
import { DIGITS_MAX } from '../state.js';
import { stopReply } from './interruption.js';
import { commit } from './turn.js';

/** Keys: pressing one stops the assistant at once; `#` or a pause makes an answer of those pressed so far. */

export function onDtmf(digit: string): Move {
  return (state, view) => {
    const { reply, caller } = state;
    if (state.phase !== 'live' || state.ending !== undefined || state.handingOver !== undefined) return [state, []];
    if (reply !== undefined && !reply.interruptible) return [state, []];
    const stop = reply === undefined || reply.stopping !== 'no' ? stay : stopReply('interrupted');
    const digits = digit === '#' ? caller.digits : (caller.digits + digit).slice(0, DIGITS_MAX);
    const pressed = setCaller({ digits, startMs: caller.startMs ?? view.nowMs, lastVoicedMs: view.nowMs });
    const delayMs = digit === '#' ? 0 : view.config.turn.dtmfGapMs;
    return inTurn(stop, pressed, act({ type: 'set-timer', name: 'dtmf', delayMs }))(state, view);
  };
}

export const onDtmfPause: Move = (state, view) => {
  const { digits } = state.caller;
  if (state.phase !== 'live' || state.ending !== undefined || state.handingOver !== undefined) return [state, []];
  if (state.reply !== undefined || digits === '') return [state, []];
  return commit({ role: 'user', text: digits, via: 'dtmf' }, {})(state, view);
};

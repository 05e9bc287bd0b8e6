import type { ConversationEnd } from '../../conversation.js';
import { act, inTurn, type Move, set, stay } from '../moves.js';
import { QUIET } from '../state.js';
import { addEntry, giveUpWaiting, settleEntries } from './transcript.js';

/** The last move of a conversation. What the caller had said and nobody answered is written down first. */
export function conclude(end: ConversationEnd): Move {
  return inTurn(
    leftover,
    giveUpWaiting,
    settleEntries,
    set({ phase: 'ended', ending: end, handingOver: undefined, caller: QUIET }),
    act({ type: 'end', end }),
  );
}

const leftover: Move = (state, view) => {
  const { text, digits, startMs, lastVoicedMs } = state.caller;
  if (text === '' && digits === '') return stay(state, view);
  const fromMs = Math.round(startMs - state.startedMs);
  const endMs = Math.max(fromMs, Math.round(lastVoicedMs - state.startedMs));
  const span = { startMs: fromMs, endMs };
  return addEntry({ role: 'user', turn: undefined, text, keys: digits, final: true, ...span, metrics: {} })(
    state,
    view,
  );
};

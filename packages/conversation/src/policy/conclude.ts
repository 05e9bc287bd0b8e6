import type { ConversationEnd } from '../conversation.js';
import { act, inTurn, type Move, set } from '../moves.js';
import { QUIET_CALLER } from '../state.js';

/** The last move of a conversation. What the caller had said and nobody answered is written down first. */
export function conclude(end: ConversationEnd): Move {
  return inTurn(
    leftover,
    set({ phase: 'ended', ending: end, handingOver: undefined, caller: QUIET_CALLER }),
    act({ type: 'end', end }),
  );
}

const leftover: Move = (state) => {
  const { caller, startedMs } = state;
  const text = [...caller.texts, caller.digits].filter((part) => part !== '').join(' ');
  if (text === '') return [state, []];
  const startMs = Math.round((caller.startMs ?? caller.lastVoicedMs) - startedMs);
  const endMs = Math.max(startMs, Math.round(caller.lastVoicedMs - startedMs));
  return [
    state,
    [{ type: 'record-turn', turn: { role: 'user', text, startMs, endMs, interrupted: false, metrics: {} } }],
  ];
};

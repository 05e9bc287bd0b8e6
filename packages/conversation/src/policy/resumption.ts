import type { ResumedConversation } from '../conversation.js';
import { inTurn, type Move, set, stay } from '../moves.js';
import { HISTORY_MAX } from '../state.js';
import { think } from './answer.js';
import { playFirst, playRendered } from './playing.js';
import { addPieces, newReply } from './reply.js';

/** The call was lost and goes on: the caller hears a sentence about it, and then what they are owed. */

/** As it stood when it was lost. A model that keeps a memo of its own begins with none. */
export function goOnFrom({ history, elapsedMs }: ResumedConversation): Move {
  return (state, view) => [
    { ...state, startedMs: view.nowMs - elapsedMs, history: history.slice(-HISTORY_MAX), heardToMs: view.nowMs },
    [],
  ];
}

/** What the caller said last is answered where nobody has, in one breath with the sentence; else it is their turn. */
export const takeUp: Move = (state, view) => {
  const text = view.renderedGreeting ?? view.config.resumption.say;
  if (state.history.at(-1)?.role !== 'user') return playFirst(text, 'resumption')(state, view);
  return inTurn(
    set({ reply: newReply(state, view, { origin: 'answer' }), nextReply: state.nextReply + 1 }),
    // Asked first: the sentence is no part of what has to be answered.
    think('answering'),
    sentence(text),
  )(state, view);
};

/** Words for the time until the answer is there. */
function sentence(text: string): Move {
  if (text.trim() === '') return stay;
  return (state, view) =>
    (view.renderedGreeting === undefined ? addPieces([text], 'meanwhile') : playRendered(text, 'meanwhile'))(
      state,
      view,
    );
}

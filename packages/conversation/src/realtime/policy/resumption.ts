import { act, type Move } from '../moves.js';
import { beginAnswer } from './answer.js';

/** The call was lost and goes on: what the caller said last is answered where nobody has. */
export const answerOwed: Move = (state, view) => {
  if (view.resumed?.history.at(-1)?.role !== 'user') return [state, []];
  return beginAnswer({ origin: 'answer' }, (answer) => act({ type: 'ask', answer }))(state, view);
};

import type { ChatMessage } from '@rapida/core';
import { act, inTurn, type Move, set, setCaller } from '../moves.js';
import type { State } from '../state.js';
import { setReply } from './reply.js';

/** The answer has not been heard yet and the caller goes on: they had not finished. */
export function canTakeBack(state: State): boolean {
  const { reply } = state;
  if (reply === undefined || reply.stopping !== 'no' || reply.heardFromMs !== undefined) return false;
  return reply.asked !== undefined && reply.asked.message.via !== 'dtmf' && !reply.hasSideEffect;
}

/** The caller makes a sound before the answer began: it waits until it is known whether that was speech. */
export const hold: Move = inTurn(setReply({ held: true }), act({ type: 'hold-voice' }));

export const release: Move = inTurn(setReply({ held: false }), act({ type: 'resume-voice' }));

/** Undoes a commit: what was said becomes the beginning of the turn that goes on. */
export const takeBack: Move = (state, view) => {
  const { reply, caller } = state;
  if (reply?.asked === undefined) return [state, []];
  const { message, startMs } = reply.asked;
  const texts = message.text === '' ? caller.texts : [message.text, ...caller.texts];
  const history: readonly ChatMessage[] = state.history.slice(0, state.history.lastIndexOf(message));
  return inTurn(
    set({ history, memo: reply.memoBefore, reply: { ...reply, stopping: 'taken_back' } }),
    setCaller({ texts, startMs, rejected: caller.rejected || message.rejected === true }),
    act(
      { type: 'stop-thinking' },
      { type: 'stop-tools' },
      { type: 'cut-voice' },
      { type: 'expect', memo: reply.memoBefore },
    ),
  )(state, view);
};

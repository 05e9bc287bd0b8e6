import type { ChatMessage, Json } from '@rapida/core';
import { lastPieces, takePieces } from '../chunker.js';
import { act, inTurn, type Move, set, stay } from '../moves.js';
import type { Reply, State } from '../state.js';
import { addPieces, endOfPieces, setReply } from './reply.js';

/** What the model says, becoming speech. */

export function think(how: 'answering' | 'continuing'): Move {
  return (state, view) => {
    const { reply } = state;
    if (reply === undefined) return [state, []];
    const soFar = how === 'continuing' ? wholeText(reply) : '';
    const messages: readonly ChatMessage[] =
      soFar === '' ? withSaid(state.history, reply) : [...state.history, { role: 'assistant', text: soFar }];
    const request = {
      instructions: view.config.instructions,
      messages,
      variables: view.variables,
      memo: state.memo,
      ...(soFar !== '' && { continuing: true }),
    };
    const asked = { ...reply, model: 'running', rounds: reply.rounds + 1 } as const;
    return [{ ...state, reply: asked }, [{ type: 'think', reply: reply.id, request }]];
  };
}

/** What was said before the tools were called, where the model called them: it is not in the history until it was heard. */
function withSaid(history: readonly ChatMessage[], reply: Reply): readonly ChatMessage[] {
  const said = wholeText(reply);
  const at = history.findLastIndex((message) => message.role === 'assistant' && message.toolCalls !== undefined);
  const calling = history[at];
  if (said === '' || reply.toolsCalled.length === 0 || calling?.role !== 'assistant') return history;
  return history.with(at, { ...calling, text: said });
}

function wholeText(reply: Reply): string {
  return [...reply.pieces.map((piece) => piece.text), reply.unspoken.trim()].filter((text) => text !== '').join(' ');
}

/** The reply an event of the model belongs to, if it is still wanted. */
export function listening(state: State, reply: number): Reply | undefined {
  const current = state.reply;
  return current?.id === reply && current.model === 'running' && current.stopping === 'no' ? current : undefined;
}

export function onModelText(id: number, text: string): Move {
  return (state, view) => {
    const reply = listening(state, id);
    // What it says besides a call that was refused is not said: it answers anew.
    if (reply === undefined || reply.tools.some((tool) => tool.isRefused)) return [state, []];
    const { pieces, rest } = takePieces(reply.unspoken + text, reply.pieces.length === 0 ? 'first' : 'later');
    return inTurn(setReply({ unspoken: rest, firstTextMs: reply.firstTextMs ?? view.nowMs }), addPieces(pieces))(
      state,
      view,
    );
  };
}

export function onModelMemo(id: number, memo: Json): Move {
  return (state, view) =>
    listening(state, id) === undefined
      ? [state, []]
      : inTurn(set({ memo }), act({ type: 'expect', memo }))(state, view);
}

export function onModelDone(id: number): Move {
  return (state, view) => {
    const reply = listening(state, id);
    if (reply === undefined) return [state, []];
    const waits = reply.tools.length > 0;
    return inTurn(
      setReply({ model: waits ? 'tools' : 'idle', unspoken: '', modelCutOff: false }),
      addPieces(lastPieces(reply.unspoken)),
      waits ? stay : endOfPieces,
    )(state, view);
  };
}

import type { ChatMessage, Json, ToolCall } from '@rapida/core';
import { lastPieces, takePieces } from '../chunker.js';
import { act, inTurn, type Move, set, stay } from '../moves.js';
import type { Reply, State } from '../state.js';
import { judgeTool } from '../tools.js';
import { addPieces, CLOSING_MS_MAX, endOfPieces, remember, setReply } from './reply.js';

/** What the model says, becoming speech. */

/** A model that keeps calling tools it may not use is stopped here. */
export const TOOL_ROUNDS_MAX = 3;

export function think(how: 'answering' | 'continuing'): Move {
  return (state, view) => {
    const { reply } = state;
    if (reply === undefined) return [state, []];
    const soFar = how === 'continuing' ? wholeText(reply) : '';
    const messages: readonly ChatMessage[] =
      soFar === '' ? state.history : [...state.history, { role: 'assistant', text: soFar }];
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

function wholeText(reply: Reply): string {
  return [...reply.pieces.map((piece) => piece.text), reply.unspoken.trim()].filter((text) => text !== '').join(' ');
}

/** The reply an event of the model belongs to, if it is still wanted. */
function listening(state: State, reply: number): Reply | undefined {
  const current = state.reply;
  return current?.id === reply && current.model === 'running' && current.stopping === 'no' ? current : undefined;
}

export function onModelText(id: number, text: string): Move {
  return (state, view) => {
    const reply = listening(state, id);
    if (reply === undefined || reply.toolResults.length > 0) return [state, []];
    const { pieces, rest } = takePieces(reply.unspoken + text, reply.pieces.length === 0 ? 'first' : 'later');
    return inTurn(setReply({ unspoken: rest, firstTextMs: reply.firstTextMs ?? view.nowMs }), addPieces(pieces))(
      state,
      view,
    );
  };
}

/** A tool that is refused stops what this round says: the model is told and answers anew. */
export function onModelTool(id: number, call: ToolCall): Move {
  return (state, view) => {
    const reply = listening(state, id);
    if (reply === undefined) return [state, []];
    const verdict = judgeTool(call, view.transferTargets);
    if (!verdict.ok) {
      const toolResults = [...reply.toolResults, { call, result: verdict.result }].slice(0, 8);
      return setReply({ toolResults, unspoken: '' })(state, view);
    }
    if (reply.followedBy !== undefined) return [state, []];
    return inTurn(
      setReply({ followedBy: verdict.end, followedByCall: call }),
      act({ type: 'set-timer', name: 'closing', delayMs: CLOSING_MS_MAX }),
    )(state, view);
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
    if (reply.toolResults.length > 0) return nextRound(reply)(state, view);
    return inTurn(
      setReply({ model: 'idle', unspoken: '', modelCutOff: false }),
      addPieces(lastPieces(reply.unspoken)),
      endOfPieces,
    )(state, view);
  };
}

function nextRound(reply: Reply): Move {
  if (reply.rounds >= TOOL_ROUNDS_MAX) {
    const failedBy = { kind: 'llm', code: 'provider_protocol' } as const;
    return inTurn(
      setReply({ model: 'idle', toolResults: [], failedBy }),
      act({ type: 'report-failure', failure: failedBy }),
      reply.pieces.length > 0 ? endOfPieces : stay,
    );
  }
  const calls: ChatMessage = { role: 'assistant', text: '', toolCalls: reply.toolResults.map((entry) => entry.call) };
  const results = reply.toolResults.map(
    ({ call, result }): ChatMessage => ({ role: 'tool', callId: call.id, name: call.name, result }),
  );
  return inTurn(setReply({ toolResults: [] }), remember(calls, ...results), think('answering'));
}

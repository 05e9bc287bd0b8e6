import type { ChatMessage, ErrorCode, ToolCall, ToolInfo } from '@rapida/core';
import { lastPieces } from '../chunker.js';
import { act, inTurn, type Move, stay } from '../moves.js';
import { type Reply, type State, TOOLS_AT_ONCE_MAX, type ToolUse } from '../state.js';
import { judgeTool } from '../tools.js';
import { listening, think } from './answer.js';
import { addPieces, CLOSING_MS_MAX, endOfPieces, remember, setReply, waitingPiece } from './reply.js';

/** Tools that the model calls: run beside what it says, and told to it together when it has said that. */

export function onModelTool(id: number, called: ToolCall): Move {
  return (state, view) => {
    const reply = listening(state, id);
    if (reply === undefined || reply.tools.length >= TOOLS_AT_ONCE_MAX) return [state, []];
    const call = withOwnId(called, state, reply);
    const verdict = judgeTool(call, view.toolRules);
    if (verdict.kind === 'refused') return refuse(reply, call, verdict)(state, view);
    if (verdict.kind === 'end') {
      if (reply.followedBy !== undefined) return [state, []];
      return inTurn(
        setReply({ followedBy: verdict.end, followedByCall: call }),
        act({ type: 'set-timer', name: 'closing', delayMs: CLOSING_MS_MAX }),
      )(state, view);
    }
    if (isLoop(reply, call, view.config.tools.repeatsMax)) {
      const result = 'error: tool_refused: this was called with these arguments already, and its result is known';
      return refuse(reply, call, { result, code: 'tool_refused' })(state, view);
    }
    if (verdict.kind === 'run') return run(reply, call, verdict.tool)(state, view);
    return verdict.kind === 'dtmf'
      ? inTurn(done(reply, call, 'sent'), setReply({ keys: reply.keys + verdict.digits }))(state, view)
      : inTurn(done(reply, call, 'noted'), act({ type: 'set-metadata', name: verdict.name, value: verdict.value }))(
          state,
          view,
        );
  };
}

/** Some servers number the calls of each answer anew: the result of one would be told as that of another. */
function withOwnId(call: ToolCall, { history }: State, { tools }: Reply): ToolCall {
  const before = history.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []));
  const taken = new Set([...before, ...tools.map((tool) => tool.call)].map(({ id }) => id));
  let id = call.id;
  for (let n = 2; taken.has(id); n++) id = `${call.id}-${n}`;
  return id === call.id ? call : { ...call, id };
}

/** The same call again tells nothing new: a model that insists is in a loop. */
function isLoop({ toolsCalled }: Reply, call: ToolCall, repeatsMax: number): boolean {
  const key = keyOf(call);
  return toolsCalled.filter((called) => called === key).length >= repeatsMax;
}

function keyOf({ name, args }: ToolCall): string {
  return JSON.stringify([name, args]);
}

function use(reply: Reply, call: ToolCall, change: Partial<ToolUse>): Move {
  return (state, view) => {
    const nothing = { result: undefined, code: null, sideEffect: false, isRefused: false };
    const tools = [...reply.tools, { ...nothing, call, startedMs: view.nowMs, ...change }];
    return setReply({ tools, toolsCalled: [...reply.toolsCalled, keyOf(call)] })(state, view);
  };
}

function done(reply: Reply, call: ToolCall, result: string): Move {
  return inTurn(use(reply, call, { result }), told(call, result, null, 0));
}

/** Not run: what the model says with it is not said either. */
function refuse(
  reply: Reply,
  call: ToolCall,
  { result, code }: { readonly result: string; readonly code: ErrorCode },
): Move {
  return inTurn(
    use(reply, call, { result, code, isRefused: true }),
    setReply({ unspoken: '' }),
    told(call, result, code, 0),
  );
}

function run(reply: Reply, call: ToolCall, { sideEffect, sayMeanwhile }: ToolInfo): Move {
  const isSaying = reply.pieces.length > 0 || reply.unspoken.trim() !== '';
  return inTurn(
    use(reply, call, { sideEffect }),
    sideEffect ? setReply({ hasSideEffect: true }) : stay,
    act({ type: 'run-tool', call, sideEffect }),
    setReply({ unspoken: '' }),
    addPieces(lastPieces(reply.unspoken)),
    isSaying || sayMeanwhile === '' ? stay : addPieces([sayMeanwhile], 'meanwhile'),
  );
}

export function onToolResult(callId: string, result: string, code: ErrorCode | null): Move {
  return (state, view) => {
    const { reply } = state;
    const used = reply?.tools.find((tool) => tool.call.id === callId && tool.result === undefined);
    if (reply === undefined || used === undefined) return [state, []];
    const tools = reply.tools.map((tool) => (tool === used ? { ...tool, result, code } : tool));
    return inTurn(setReply({ tools }), told(used.call, result, code, view.nowMs - used.startedMs))(state, view);
  };
}

function told(call: ToolCall, result: string, code: ErrorCode | null, durationMs: number): Move {
  return act({ type: 'record-tool', use: { call, result, code, durationMs: Math.round(durationMs) } });
}

/** Runs after every event: when the model waits for nothing any more, it is told, and goes on. */
export const settleTools: Move = (state, view) => {
  const { reply } = state;
  if (reply === undefined || reply.model !== 'tools' || reply.stopping !== 'no' || reply.paused) return [state, []];
  if (reply.tools.some((tool) => tool.result === undefined)) return [state, []];
  const calls: ChatMessage = { role: 'assistant', text: '', toolCalls: reply.tools.map(({ call }) => call) };
  const results = reply.tools.map(
    ({ call, result = '' }): ChatMessage => ({ role: 'tool', callId: call.id, name: call.name, result }),
  );
  const told = inTurn(setReply({ tools: [] }), remember(calls, ...results));
  if (reply.followedBy !== undefined) return inTurn(told, setReply({ model: 'idle' }), endOfPieces)(state, view);
  if (reply.rounds > view.config.tools.roundsMax) return inTurn(told, giveUp(reply))(state, view);
  const asked = reply.firstTextMs === undefined ? setReply({ askedModelMs: view.nowMs }) : stay;
  return inTurn(told, asked, think('answering'))(state, view);
};

/** A model that only ever calls tools is stopped here. */
function giveUp(reply: Reply): Move {
  const failedBy = { kind: 'llm', code: 'provider_protocol' } as const;
  return inTurn(
    setReply({ model: 'idle', failedBy }),
    act({ type: 'report-failure', failure: failedBy }),
    reply.pieces.length > 0 ? endOfPieces : stay,
  );
}

/** Something runs that cannot be undone: its words are heard to their end. */
export function isCommitted({ tools }: Reply): boolean {
  return tools.some((tool) => tool.sideEffect && tool.result === undefined);
}

/** Keys are pressed when all that was said before them exists as sound: they would be heard in the middle of it. */
export const settleKeys: Move = (state, view) => {
  const { reply } = state;
  if (reply === undefined || reply.keys === '' || reply.stopping !== 'no' || reply.paused || reply.held)
    return [state, []];
  if (reply.pieces.some((piece) => !piece.synthesised)) return [state, []];
  const utterance = state.nextUtterance;
  const pieces = [...reply.pieces, waitingPiece(utterance, '')];
  return inTurn(
    (s) => [{ ...s, nextUtterance: utterance + 1 }, []],
    setReply({ pieces, keys: '' }),
    act({ type: 'press-keys', utterance, digits: reply.keys }),
  )(state, view);
};

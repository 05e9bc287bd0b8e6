import type { ErrorCode, ToolCall, ToolInfo } from '@rapida/core';
import { CLOSING_MS_MAX } from '../../policy/reply.js';
import { TOOLS_AT_ONCE_MAX } from '../../state.js';
import { judgeTool } from '../../tools.js';
import { act, inTurn, type Move, setAnswer, stay } from '../moves.js';
import type { Answer } from '../state.js';
import { listening, patience } from './answer.js';

/** Tools that the model calls: run beside what it says; each result is told to it, and with the last one it goes on. */

export function onTool(id: number, call: ToolCall): Move {
  return (state, view) => {
    const answer = listening(state, id);
    if (answer === undefined || answer.followedBy !== undefined) return [state, []];
    const verdict = judgeTool(call, view.toolRules);
    if (verdict.kind === 'end') {
      return inTurn(
        setAnswer({ followedBy: verdict.end, followedByCall: call }),
        act({ type: 'set-timer', name: 'closing', delayMs: CLOSING_MS_MAX }),
      )(state, view);
    }
    if (verdict.kind === 'refused') return told(id, call, verdict.result, verdict.code, 0)(state, view);
    const key = JSON.stringify([call.name, call.args]);
    const refusal = refusalOf(answer, key, view.config.tools.repeatsMax);
    if (refusal !== undefined) return told(id, call, `error: tool_refused: ${refusal}`, 'tool_refused', 0)(state, view);
    const called = setAnswer({ toolsCalled: [...answer.toolsCalled, key] });
    if (verdict.kind === 'run') return inTurn(called, run(answer, call, verdict.tool))(state, view);
    // Keys for the machine at the other end are not offered beside a model that speaks itself.
    if (verdict.kind === 'dtmf') {
      return told(id, call, 'error: tool_refused: not in this call', 'tool_refused', 0)(state, view);
    }
    return inTurn(
      called,
      act({ type: 'set-metadata', name: verdict.name, value: verdict.value }),
      told(id, call, 'noted', null, 0),
    )(state, view);
  };
}

/** The same call again tells nothing new: a model that insists is in a loop. */
function refusalOf({ tools, toolsCalled }: Answer, key: string, repeatsMax: number): string | undefined {
  if (tools.length >= TOOLS_AT_ONCE_MAX) return 'too many at once';
  const repeated = toolsCalled.filter((called) => called === key).length >= repeatsMax;
  return repeated ? 'this was called with these arguments already, and its result is known' : undefined;
}

function run(answer: Answer, call: ToolCall, { sideEffect }: ToolInfo): Move {
  return (state, view) =>
    inTurn(
      setAnswer({ tools: [...answer.tools, { call, startedMs: view.nowMs, sideEffect }] }),
      act({ type: 'run-tool', call, sideEffect }),
    )(state, view);
}

export function onToolResult(callId: string, result: string, code: ErrorCode | null): Move {
  return (state, view) => {
    const { answer } = state;
    const used = answer?.tools.find(({ call }) => call.id === callId);
    if (answer === undefined || used === undefined || answer.stopping !== 'no') return [state, []];
    const tools = answer.tools.filter((tool) => tool !== used);
    const goesOn = answer.model === 'tools' && tools.length === 0;
    return inTurn(
      setAnswer({ tools, ...(goesOn && { model: 'running' as const }) }),
      told(answer.id, used.call, result, code, view.nowMs - used.startedMs),
      goesOn ? patience : stay,
    )(state, view);
  };
}

function told(answer: number, call: ToolCall, result: string, code: ErrorCode | null, durationMs: number): Move {
  return act(
    { type: 'tool-result', answer, call, result },
    { type: 'record-tool', use: { call, result, code, durationMs: Math.round(durationMs) } },
  );
}

/** Something runs that cannot be undone: its words are heard to their end. */
export function isCommitted({ tools }: Answer): boolean {
  return tools.some(({ sideEffect }) => sideEffect);
}

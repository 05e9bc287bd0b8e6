import type { ToolCall, ToolDefinition } from '@rapida/core';
import type { ConversationEnd } from './conversation.js';

/** What every model may do, after what is being said was heard. */
export const BUILT_IN_TOOLS: readonly ToolDefinition[] = [
  {
    name: 'end_call',
    description: 'Hang up, after saying goodbye in the same answer.',
    parameters: { type: 'object', properties: {}, additionalProperties: false },
  },
];

export function transferTool(targets: readonly string[]): ToolDefinition {
  return {
    name: 'transfer',
    description: 'Hand the caller over to another extension, after announcing it in the same answer.',
    parameters: {
      type: 'object',
      properties: { target: { type: 'string', enum: [...targets] } },
      required: ['target'],
      additionalProperties: false,
    },
  };
}

export function toolsFor(transferTargets: readonly string[]): readonly ToolDefinition[] {
  return transferTargets.length === 0 ? BUILT_IN_TOOLS : [...BUILT_IN_TOOLS, transferTool(transferTargets)];
}

export type ToolVerdict =
  | { readonly ok: true; readonly end: ConversationEnd }
  /** Told to the model, which then answers differently. */
  | { readonly ok: false; readonly result: string };

/** Decides on a tool call before anything of the answer is spoken. Fails closed: only listed targets can be reached. */
export function judgeTool(call: ToolCall, transferTargets: readonly string[]): ToolVerdict {
  if (call.name === 'end_call') return { ok: true, end: { by: 'assistant', reason: 'end_call', failed: false } };
  if (call.name !== 'transfer') return { ok: false, result: `error: there is no tool ${call.name.slice(0, 60)}` };
  const target = call.args.target;
  if (typeof target !== 'string' || !transferTargets.includes(target)) {
    return { ok: false, result: 'error: transfer_not_allowed: the caller cannot be transferred there' };
  }
  return { ok: true, end: { by: 'assistant', reason: 'transfer', transferTo: target, failed: false } };
}

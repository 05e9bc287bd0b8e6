import type { AssistantConfig, ErrorCode, ToolCall, ToolDefinition, ToolInfo } from '@rapida/core';
import type { ConversationEnd } from './conversation.js';

/** What a call may use. */
export interface ToolRules {
  readonly builtIn: AssistantConfig['tools']['builtIn'];
  readonly transferTargets: readonly string[];
  /** Of the assistant's configuration. */
  readonly tools: readonly ToolInfo[];
}

const END_CALL: ToolDefinition = {
  name: 'end_call',
  description: 'Hang up, after saying goodbye in the same answer.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
};

const SEND_DTMF: ToolDefinition = {
  name: 'send_dtmf',
  description: 'Press keys of the telephone, for the machine at the other end.',
  parameters: {
    type: 'object',
    properties: { digits: { type: 'string', pattern: '^[0-9A-D*#]{1,40}$' } },
    required: ['digits'],
    additionalProperties: false,
  },
};

const SET_METADATA: ToolDefinition = {
  name: 'set_metadata',
  description: 'Note something about the call, for those who read its record.',
  parameters: {
    type: 'object',
    properties: { name: { type: 'string', maxLength: 100 }, value: { type: 'string', maxLength: 1_000 } },
    required: ['name', 'value'],
    additionalProperties: false,
  },
};

function transferTool(targets: readonly string[]): ToolDefinition {
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

/** What the product itself can do. Names of these are taken: a tool of the configuration with one of them is never called. */
function builtInTools({ builtIn, transferTargets }: ToolRules): readonly ToolDefinition[] {
  return [
    ...(builtIn.endCall ? [END_CALL] : []),
    ...(builtIn.transfer && transferTargets.length > 0 ? [transferTool(transferTargets)] : []),
    ...(builtIn.sendDtmf ? [SEND_DTMF] : []),
    ...(builtIn.setMetadata ? [SET_METADATA] : []),
  ];
}

export function toolsFor(rules: ToolRules): readonly ToolDefinition[] {
  return [...builtInTools(rules), ...rules.tools.map(({ definition }) => definition)];
}

export type ToolVerdict =
  /** What follows when the answer was heard. */
  | { readonly kind: 'end'; readonly end: ConversationEnd }
  | { readonly kind: 'dtmf'; readonly digits: string }
  | { readonly kind: 'metadata'; readonly name: string; readonly value: string }
  | { readonly kind: 'run'; readonly tool: ToolInfo }
  /** Told to the model, which then answers differently. */
  | { readonly kind: 'refused'; readonly result: string; readonly code: ErrorCode };

/** Decides on a tool call before anything of the answer is spoken. Fails closed: what is not offered is not there. */
export function judgeTool(call: ToolCall, rules: ToolRules): ToolVerdict {
  const { name, args } = call;
  const isBuiltIn = builtInTools(rules).some((tool) => tool.name === name);
  if (isBuiltIn) return judgeBuiltIn(name, args, rules);
  const tool = rules.tools.find(({ definition }) => definition.name === name);
  if (tool !== undefined) return { kind: 'run', tool };
  // What the product could do and may not is told apart from what nobody knows.
  if (name === 'transfer') return refused('transfer_not_allowed', 'the caller cannot be transferred there');
  return refused('tool_unknown', `there is no tool ${name.slice(0, 60)}`);
}

function judgeBuiltIn(name: string, args: ToolCall['args'], { transferTargets }: ToolRules): ToolVerdict {
  switch (name) {
    case 'end_call':
      return { kind: 'end', end: { by: 'assistant', reason: 'end_call', failed: false } };
    case 'transfer': {
      const { target } = args;
      if (typeof target !== 'string' || !transferTargets.includes(target)) {
        return refused('transfer_not_allowed', 'the caller cannot be transferred there');
      }
      return { kind: 'end', end: { by: 'assistant', reason: 'transfer', transferTo: target, failed: false } };
    }
    case 'send_dtmf': {
      const digits = String(args.digits ?? '').toUpperCase();
      if (!/^[0-9A-D*#]{1,40}$/.test(digits)) return refused('tool_refused', 'digits are 1 to 40 of 0-9, A-D, * and #');
      return { kind: 'dtmf', digits };
    }
    default: {
      const [key, value] = [args.name, args.value];
      const isShort = typeof key === 'string' && /^[\w.-]{1,100}$/.test(key) && typeof value === 'string';
      if (!isShort || value.length > 1_000) {
        return refused(
          'tool_refused',
          'name is 1 to 100 letters, digits, _ . and -, value a text of up to 1000 characters',
        );
      }
      return { kind: 'metadata', name: key, value };
    }
  }
}

function refused(code: ErrorCode, why: string): ToolVerdict {
  return { kind: 'refused', code, result: `error: ${code}: ${why}` };
}

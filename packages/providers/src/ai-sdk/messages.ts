import type { ChatMessage, LanguageModelRequest, ToolCall } from '@rapida/core';
import type { ModelMessage } from 'ai';

/** How what happened on the telephone is told to a language model. */

const NOT_UNDERSTOOD = '[the caller said something that could not be understood]';
const INTERRUPTED = '[the caller interrupted here]';
const UNFINISHED = '[this tool was stopped before it had a result]';
const CONTINUE =
  '[you were stopped in the middle of your last message by mistake: go on with the very next word of it, without repeating anything and without an introduction]';

/**
 * Oldest first. Servers refuse a tool call without its result and a result without its call: a missing result is
 * filled in, an orphaned one left out. So is an assistant message with nothing in it.
 */
export function toModelMessages({ messages, continuing }: LanguageModelRequest): ModelMessage[] {
  const results = new Map(messages.flatMap((message) => (message.role === 'tool' ? [[message.callId, message]] : [])));
  const last = messages.findLastIndex((message) => message.role === 'assistant');
  const mapped = messages.flatMap((message, index) => {
    if (message.role === 'user') return [userMessage(message)];
    if (message.role === 'tool') return [];
    return assistantMessages(message, results, continuing === true && index === last);
  });
  return continuing === true ? [...mapped, { role: 'user', content: CONTINUE }] : mapped;
}

type UserMessage = Extract<ChatMessage, { role: 'user' }>;
type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>;
type ToolMessage = Extract<ChatMessage, { role: 'tool' }>;

function userMessage({ text, rejected, via }: UserMessage): ModelMessage {
  if (rejected === true) return { role: 'user', content: NOT_UNDERSTOOD };
  return { role: 'user', content: via === 'dtmf' ? `[keys] ${text}` : text };
}

function assistantMessages(
  { text, interrupted, toolCalls = [] }: AssistantMessage,
  results: ReadonlyMap<string, ToolMessage>,
  isContinued: boolean,
): ModelMessage[] {
  const said = interrupted === true && !isContinued ? `${text} ${INTERRUPTED}`.trimStart() : text;
  if (toolCalls.length === 0) return said === '' ? [] : [{ role: 'assistant', content: said }];
  return [
    {
      role: 'assistant',
      content: [...(said === '' ? [] : [{ type: 'text' as const, text: said }]), ...calls(toolCalls)],
    },
    {
      role: 'tool',
      content: toolCalls.map(({ id, name }) => ({
        type: 'tool-result' as const,
        toolCallId: id,
        toolName: name,
        output: { type: 'text' as const, value: results.get(id)?.result ?? UNFINISHED },
      })),
    },
  ];
}

function calls(toolCalls: readonly ToolCall[]) {
  return toolCalls.map(({ id, name, args }) => ({
    type: 'tool-call' as const,
    toolCallId: id,
    toolName: name,
    input: args,
  }));
}

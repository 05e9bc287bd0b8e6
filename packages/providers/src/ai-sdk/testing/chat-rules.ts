import type { FakeToolCall } from '../../openai-compatible/testing/fake-answers.js';
import { firstOf } from './events.js';

/**
 * What servers of chat completions refuse: OpenAI's own at Azure, Groq and Mistral share the protocol. Each rule answers with the sentence
 * in which it refuses.
 */
export interface ChatBody {
  readonly model?: string;
  readonly messages?: readonly ChatMessage[];
  readonly tools?: readonly { readonly function: { readonly parameters?: Readonly<Record<string, unknown>> } }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly reasoning_effort?: string;
}

interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { readonly id: string }[];
}

export function refusedChat({ model, messages = [], tools = [] }: ChatBody, callId: RegExp): string | undefined {
  if (model === undefined) return 'you must provide a model parameter';
  if (messages.length === 0) return "[] is too short - 'messages'";
  return firstOf(
    ...tools.map(({ function: { parameters } }) => refusedParameters(parameters)),
    ...messages.map((message, index) => refusedMessage(message, messages.slice(index + 1), callId)),
    ...messages.map((message, index) => refusedResult(message, messages.slice(0, index))),
  );
}

function refusedParameters(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  if (parameters?.type !== 'object')
    return 'Invalid schema for function: schema must be a JSON Schema of \'type: "object"\'';
  return parameters.properties === undefined ? 'In context=(), object schema missing properties.' : undefined;
}

function refusedMessage(message: ChatMessage, after: readonly ChatMessage[], callId: RegExp): string | undefined {
  const ids = (message.tool_calls ?? []).map(({ id }) => id);
  const strange = ids.find((id) => !callId.test(id));
  if (strange !== undefined) return `Tool call id was ${strange} but must be ${callId}`;
  const results = after.slice(0, ids.length).map((one) => one.tool_call_id);
  if (ids.some((id) => !results.includes(id))) {
    return "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.";
  }
  const isBlank = message.role === 'assistant' && ids.length === 0 && !message.content;
  return isBlank ? 'Assistant message must have either content or tool_calls, but not none.' : undefined;
}

function refusedResult({ role, tool_call_id: id }: ChatMessage, before: readonly ChatMessage[]): string | undefined {
  if (role !== 'tool') return undefined;
  const caller = before.findLast((message) => message.role !== 'tool');
  const isKnown = caller?.tool_calls?.some((call) => call.id === id) === true;
  return isKnown ? undefined : "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
}

/** Mistral's order, from its own library (mistral-common, validator): the user never follows a tool. */
export function refusedOrder({ messages = [] }: ChatBody): string | undefined {
  const after: Readonly<Record<string, readonly string[]>> = {
    system: ['user', 'assistant', 'system'],
    user: ['assistant', 'system', 'user'],
    assistant: ['assistant', 'user', 'tool'],
    tool: ['assistant', 'tool'],
  };
  const wrong = messages.findIndex(({ role }, index) => {
    const before = messages[index - 1];
    return before !== undefined && !after[before.role]?.includes(role);
  });
  if (wrong > 0) return `Unexpected role '${messages[wrong]?.role}' after role '${messages[wrong - 1]?.role}'`;
  if (messages.at(-1)?.role !== 'assistant') return undefined;
  return 'Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant';
}

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'some-model' };
const USAGE = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };

export function chatChunk(delta: object, more: object = {}, finish: string | null = null): string {
  return JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason: finish }], ...more });
}

/** Calls come whole in one delta each, and the usage with the last chunk: as Mistral and Groq do, which name it differently. */
export function chatEvents(
  deltas: readonly string[],
  calls: readonly FakeToolCall[],
  usage: (usage: object) => object,
): readonly string[] {
  return [
    chatChunk({ role: 'assistant', content: '' }),
    ...deltas.map((content) => chatChunk({ content })),
    ...calls.map(({ id, name, argumentsJson }, index) =>
      chatChunk({ tool_calls: [{ id, index, type: 'function', function: { name, arguments: argumentsJson } }] }),
    ),
    chatChunk({ content: '' }, usage(USAGE), calls.length > 0 ? 'tool_calls' : 'stop'),
    '[DONE]',
  ];
}

import { createHash } from 'node:crypto';
import type { ModelMessage } from 'ai';

/**
 * The order of messages that vendors insist on. A call begins with the assistant's greeting, the caller presses keys after speaking, a
 * model that takes over in the middle of a call brings the calls of another vendor's: none of which a vendor would produce itself.
 */
export interface OrderRules {
  /** Messages begin with one of the user. */
  readonly startsWithUser: boolean;
  /** After the result of a tool comes the assistant, never the user. */
  readonly answersTools: boolean;
  /** What the id of a tool call looks like; another one is replaced, in its result as well. */
  readonly callId: RegExp;
}

const BEGINNING = '[the call begins]';
const SILENCE = '[the caller says nothing]';
const NOTHING_SAID = '…';
const NO_RESULT = '[nothing]';

type AssistantParts = Exclude<Extract<ModelMessage, { role: 'assistant' }>['content'], string>;

/**
 * The same messages, as a vendor with `rules` takes them: roles alternate, nothing is blank, the last word is not the
 * assistant's. Without tools in the request there are no calls of any either: vendors refuse calls of tools they were not told of.
 */
export function inOrder(messages: readonly ModelMessage[], rules: OrderRules, hasTools: boolean): ModelMessage[] {
  const ordered: ModelMessage[] = [];
  for (const message of messages.flatMap((one) => prepared(one, rules, hasTools))) {
    const before = ordered.at(-1);
    if (before === undefined && message.role !== 'user' && rules.startsWithUser) ordered.push(said('user', BEGINNING));
    if (before?.role === 'tool' && message.role === 'user' && rules.answersTools) {
      ordered.push(said('assistant', NOTHING_SAID));
    }
    const joined = before === undefined ? undefined : join(before, message);
    if (joined === undefined) ordered.push(message);
    else ordered[ordered.length - 1] = joined;
  }
  if (ordered.length === 0) return [said('user', BEGINNING)];
  return ordered.at(-1)?.role === 'assistant' ? [...ordered, said('user', SILENCE)] : ordered;
}

function said(role: 'user' | 'assistant', content: string): ModelMessage {
  return { role, content };
}

/** Without what is blank, and with ids that the vendor takes. */
function prepared(message: ModelMessage, rules: OrderRules, hasTools: boolean): ModelMessage[] {
  if (message.role === 'tool') {
    if (!hasTools) return [];
    return [{ role: 'tool', content: message.content.map((part) => resultOf(part, rules)) }];
  }
  if (message.role !== 'assistant') return isBlank(message.content) ? [] : [message];
  const parts = partsOf(message.content).flatMap((part): AssistantParts => {
    if (part.type === 'text') return isBlank(part.text) ? [] : [part];
    if (part.type !== 'tool-call') return [part];
    return hasTools ? [{ ...part, toolCallId: idOf(part.toolCallId, rules) }] : [];
  });
  return parts.length === 0 ? [] : [{ role: 'assistant', content: parts }];
}

type ToolPart = Extract<ModelMessage, { role: 'tool' }>['content'][number];

function resultOf(part: ToolPart, rules: OrderRules): ToolPart {
  if (part.type !== 'tool-result') return part;
  const { output } = part;
  return {
    ...part,
    toolCallId: idOf(part.toolCallId, rules),
    output: output.type === 'text' && isBlank(output.value) ? { ...output, value: NO_RESULT } : output,
  };
}

/** Two messages of one role as one; undefined where they have to stay apart. A call of tools ends its message: its results follow. */
function join(before: ModelMessage, next: ModelMessage): ModelMessage | undefined {
  if (before.role === 'user' && next.role === 'user') {
    if (typeof before.content !== 'string' || typeof next.content !== 'string') return undefined;
    return said('user', `${before.content}\n${next.content}`);
  }
  if (before.role !== 'assistant' || next.role !== 'assistant') return undefined;
  const [first, second] = [partsOf(before.content), partsOf(next.content)];
  const [last, head] = [first.at(-1), second[0]];
  if (last?.type !== 'text' || head === undefined) return undefined;
  if (head.type !== 'text') return { role: 'assistant', content: [...first, ...second] };
  const text = { type: 'text' as const, text: `${last.text} ${head.text}` };
  return { role: 'assistant', content: [...first.slice(0, -1), text, ...second.slice(1)] };
}

function partsOf(content: Extract<ModelMessage, { role: 'assistant' }>['content']): AssistantParts {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function isBlank(content: unknown): boolean {
  return typeof content === 'string' && content.trim() === '';
}

/** Letters and digits only, always the same for the same id; nine of them, which every vendor takes. */
function idOf(id: string, { callId }: OrderRules): string {
  return callId.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
}

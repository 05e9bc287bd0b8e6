import { firstOf, typedEvents } from '../../ai-sdk/testing/events.js';
import { type FakeAnswer, type FakeToolCall, jsonAnswer } from '../../openai-compatible/testing/fake-answers.js';
import { type FakeHttp, type FakeHttpRequest, startFakeHttp } from '../../wire/testing/fake-http.js';

/** Anthropic's server as https://docs.claude.com/en/api/messages, /streaming and /errors describe it. */
export const FAKE_KEY = 'sk-ant-fake-key-0123456789';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly tool_use_id?: string;
}
interface Message {
  readonly role: string;
  readonly content: readonly Block[];
}

export function startFakeAnthropic(): Promise<FakeHttp> {
  return startFakeHttp({
    refuse: (request) => refusedKey(request) ?? (request.method === 'GET' ? undefined : refuse(request)),
    answer: ({ method }) =>
      method === 'GET' ? jsonAnswer(200, { data: [] }) : messageAnswer(['Good', ' morning', '.']),
  });
}

export function errorAnswer(status: number, message: string, type = 'api_error'): FakeAnswer {
  return jsonAnswer(status, { type: 'error', error: { type, message }, request_id: 'req_1' });
}

const invalid = (message: string) => errorAnswer(400, message, 'invalid_request_error');

function refusedKey({ headers }: FakeHttpRequest): FakeAnswer | undefined {
  if (headers['x-api-key'] !== FAKE_KEY) {
    return errorAnswer(401, `invalid x-api-key ${headers['x-api-key']}`, 'authentication_error');
  }
  return headers['anthropic-version'] === undefined ? invalid('anthropic-version: header is required') : undefined;
}

function refuse({ target, body }: FakeHttpRequest): FakeAnswer | undefined {
  if (target !== '/v1/messages') return errorAnswer(404, 'Not found', 'not_found_error');
  const { model, max_tokens: maxTokens, messages, system, tools, temperature, thinking } = body;
  if (typeof model !== 'string' || typeof maxTokens !== 'number') return invalid('model, max_tokens: Field required');
  if (
    typeof temperature === 'number' &&
    (temperature > 1 || /opus-4-[78]|-5/.test(model.slice(7).replace(/-4-5/, '')))
  ) {
    return invalid('`temperature` may not be set for this model');
  }
  if (/-5-5/.test(model) && (thinking as { type?: string })?.type === 'disabled')
    return invalid('thinking.type: disabled');
  return firstOf(
    ...((system ?? []) as Block[]).map(refuseText),
    refuseTools((tools ?? []) as { input_schema?: Record<string, unknown> }[]),
    refuseMessages(messages as Message[], tools !== undefined),
  );
}

function refuseText({ type, text }: Block): FakeAnswer | undefined {
  if (type === 'text' && text?.trim() === '') return invalid('messages: text content blocks must be non-empty');
  return undefined;
}

function refuseTools(tools: readonly { input_schema?: Record<string, unknown> }[]): FakeAnswer | undefined {
  const bad = tools.some(
    ({ input_schema: schema }) => schema?.type !== 'object' || 'oneOf' in schema || 'allOf' in schema,
  );
  return bad ? invalid('tools.0.custom.input_schema.type: Field required') : undefined;
}

function refuseMessages(messages: readonly Message[] = [], hasTools: boolean): FakeAnswer | undefined {
  const [first, last] = [messages[0], messages.at(-1)];
  if (first?.role !== 'user') return invalid('messages: first message must use the "user" role');
  if (last?.role === 'assistant') return invalid('This model does not support assistant message prefill.');
  return firstOf(
    ...messages.flatMap(({ content }) => content.map(refuseText)),
    ...messages.map((message, index) => refuseCalls(message, messages[index + 1], hasTools)),
    ...messages.map((message, index) => refuseResults(message, messages[index - 1])),
  );
}

const idsOf = (message: Message | undefined, type: string, field: 'id' | 'tool_use_id') =>
  (message?.content ?? []).flatMap((block) => (block.type === type ? [block[field] ?? ''] : []));

function refuseCalls(message: Message, next: Message | undefined, hasTools: boolean): FakeAnswer | undefined {
  const ids = idsOf(message, 'tool_use', 'id');
  if (ids.length > 0 && !hasTools)
    return invalid('Requests which have `tool_use` blocks in messages must define tools');
  if (ids.some((id) => !/^[a-zA-Z0-9_-]+$/.test(id))) return invalid('tool_use.id: String should match pattern');
  const results = idsOf(next, 'tool_result', 'tool_use_id');
  if (ids.every((id) => results.includes(id))) return undefined;
  return invalid('`tool_use` ids were found without `tool_result` blocks immediately after');
}

function refuseResults(message: Message, before: Message | undefined): FakeAnswer | undefined {
  const calls = idsOf(before, 'tool_use', 'id');
  const strange = idsOf(message, 'tool_result', 'tool_use_id').some((id) => !calls.includes(id));
  return strange ? invalid('unexpected `tool_use_id` found in `tool_result` blocks') : undefined;
}

/** As far as "Good": what is missing is the end. */
export const BEGIN = [
  {
    type: 'message_start',
    message: {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-4-5', content: [], stop_reason: null },
      usage: { input_tokens: 12, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
] as const;

export const delta = (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});

export function endOf(reason: string) {
  return [
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 3 } },
    { type: 'message_stop' },
  ];
}

export function messageAnswer(deltas: readonly string[], calls: readonly FakeToolCall[] = []): FakeAnswer {
  return typedEvents([
    ...BEGIN,
    ...deltas.map(delta),
    { type: 'content_block_stop', index: 0 },
    ...calls.flatMap((call, index) => callEvents(call, index + 1)),
    ...endOf(calls.length > 0 ? 'tool_use' : 'end_turn'),
  ]);
}

function callEvents({ id, name, argumentsJson }: FakeToolCall, index: number) {
  const half = Math.ceil(argumentsJson.length / 2);
  const piece = (json: string) => ({
    type: 'content_block_delta',
    index,
    delta: { type: 'input_json_delta', partial_json: json },
  });
  return [
    { type: 'content_block_start', index, content_block: { type: 'tool_use', id: `toolu_${id}`, name, input: {} } },
    piece(''),
    piece(argumentsJson.slice(0, half)),
    piece(argumentsJson.slice(half)),
    { type: 'content_block_stop', index },
  ];
}

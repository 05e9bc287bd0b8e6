import { firstOf, typedEvents } from '../../ai-sdk/testing/events.js';
import { type FakeAnswer, type FakeToolCall, jsonAnswer } from '../../openai-compatible/testing/fake-answers.js';
import { type FakeHttp, type FakeHttpRequest, startFakeHttp } from '../../wire/testing/fake-http.js';

/** OpenAI's Responses API as https://developers.openai.com/api/reference/resources/responses and its streaming events describe it. */
export const FAKE_KEY = 'sk-fake-openai-key-0123456789';

interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly content?: unknown;
  readonly call_id?: string;
}
interface Tool {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

export function startFakeResponses(): Promise<FakeHttp> {
  return startFakeHttp({
    refuse,
    answer: () => responseAnswer(['Good', ' morning', '.']),
  });
}

export function errorAnswer(status: number, message: string, code: string | null = null): FakeAnswer {
  return jsonAnswer(status, { error: { message, type: 'invalid_request_error', param: null, code } });
}

const invalid = (message: string) => errorAnswer(400, message);

function refuse({ headers, target, body }: FakeHttpRequest): FakeAnswer | undefined {
  const key = headers.authorization?.replace('Bearer ', '');
  if (key !== FAKE_KEY) return errorAnswer(401, `Incorrect API key provided: ${key}.`, 'invalid_api_key');
  if (target !== '/v1/responses') return errorAnswer(404, `Invalid URL (POST ${target})`);
  const {
    model,
    input,
    tools = [],
    store,
  } = body as { model?: string; input?: Item[]; tools?: Tool[]; store?: boolean };
  if (model === undefined || input === undefined || input.length === 0)
    return invalid("Missing required parameter: 'input'.");
  // Not refused there, but here: what callers say is not to be stored at OpenAI.
  if (store !== false) return invalid('the answer would be stored');
  return firstOf(
    refuseSampling(model, body),
    ...tools.map(refuseTool),
    ...input.map((item) => refuseItem(item, input)),
  );
}

function refuseSampling(model: string, { temperature, reasoning }: Readonly<Record<string, unknown>>) {
  const effort = (reasoning as { effort?: string } | undefined)?.effort;
  if (/^gpt-4/.test(model))
    return effort === undefined ? undefined : invalid("Unsupported parameter: 'reasoning.effort'");
  const efforts = effortsOf(model);
  if (effort !== undefined && !efforts.includes(effort))
    return invalid(`Unsupported value: 'reasoning.effort' ${effort}`);
  const takesTemperature = /^gpt-5\.\d/.test(model) && effort === 'none';
  if (temperature === undefined || takesTemperature) return undefined;
  return invalid("Unsupported parameter: 'temperature' is not supported with this model.");
}

function effortsOf(model: string): readonly string[] {
  if (/chat-latest$/.test(model)) return ['medium'];
  if (/^gpt-5(-|$)/.test(model)) return ['minimal', 'low', 'medium', 'high'];
  return /^(gpt-5\.|gpt-6-sol)/.test(model) ? ['none', 'low', 'medium', 'high'] : ['low', 'medium', 'high'];
}

function refuseTool({ parameters, strict }: Tool): FakeAnswer | undefined {
  if (parameters?.type !== 'object') return invalid('Invalid schema for function: got \'type: "None"\'.');
  if (parameters.properties === undefined) return invalid('In context=(), object schema missing properties.');
  // Without a word OpenAI holds tools to its strict subset of JSON Schema.
  const isStrict = strict !== false && parameters.additionalProperties !== false;
  return isStrict ? invalid("'additionalProperties' is required to be supplied and to be false.") : undefined;
}

function refuseItem(item: Item, input: readonly Item[]): FakeAnswer | undefined {
  const has = (type: string) => input.some((one) => one.type === type && one.call_id === item.call_id);
  if ((item.call_id ?? '').length > 64)
    return invalid("Invalid 'input[1].call_id': string too long. Maximum length 64.");
  if (item.type === 'function_call' && !has('function_call_output')) {
    return invalid(`No tool output found for function call ${item.call_id}.`);
  }
  if (item.type === 'function_call_output' && !has('function_call')) {
    return invalid(`No tool call found for function call output with call_id ${item.call_id}.`);
  }
  return undefined;
}

const response = (more: object = {}) => ({
  ...{ id: 'resp_1', object: 'response', created_at: 1_790_000_000, model: 'gpt-4.1-mini', status: 'in_progress' },
  ...more,
});
const ITEM = { item_id: 'msg_1', output_index: 0, content_index: 0 };

export const BEGIN = [
  { type: 'response.created', response: response() },
  { type: 'response.in_progress', response: response() },
  {
    ...{ type: 'response.output_item.added', output_index: 0 },
    item: { id: 'msg_1', type: 'message', role: 'assistant', content: [] },
  },
  { ...ITEM, type: 'response.content_part.added', part: { type: 'output_text', text: '' } },
] as const;

export const delta = (text: string) => ({ ...ITEM, type: 'response.output_text.delta', delta: text });

export const END = [
  { type: 'response.output_item.done', output_index: 0, item: { id: 'msg_1', type: 'message', role: 'assistant' } },
] as const;

export function completed(more: object = {}, type = 'response.completed') {
  const usage = { input_tokens: 12, output_tokens: 3, total_tokens: 15 };
  return { type, response: response({ status: 'completed', usage, ...more }) };
}

export function responseAnswer(deltas: readonly string[], calls: readonly FakeToolCall[] = []): FakeAnswer {
  return typedEvents([
    ...BEGIN,
    ...deltas.map(delta),
    ...END,
    ...calls.flatMap((call, index) => callEvents(call, index + 1)),
    completed(),
  ]);
}

function callEvents({ id, name, argumentsJson }: FakeToolCall, index: number) {
  const half = Math.ceil(argumentsJson.length / 2);
  const item = { id: `fc_${id}`, type: 'function_call', call_id: id, name, status: 'completed' };
  const piece = (json: string) => ({
    ...{ type: 'response.function_call_arguments.delta', item_id: item.id, output_index: index },
    delta: json,
  });
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...item, arguments: '' } },
    piece(argumentsJson.slice(0, half)),
    piece(argumentsJson.slice(half)),
    {
      ...{ type: 'response.function_call_arguments.done', item_id: item.id, output_index: index },
      arguments: argumentsJson,
    },
    { type: 'response.output_item.done', output_index: index, item: { ...item, arguments: argumentsJson } },
  ];
}

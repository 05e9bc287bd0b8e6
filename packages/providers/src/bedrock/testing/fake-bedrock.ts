import { firstOf } from '../../ai-sdk/testing/events.js';
import { type FakeAnswer, type FakeToolCall, jsonAnswer } from '../../openai-compatible/testing/fake-answers.js';
import { type FakeHttp, type FakeHttpRequest, startFakeHttp } from '../../wire/testing/fake-http.js';
import { frameOf } from './event-stream.js';
import { isSigned } from './signature.js';

/**
 * Amazon Bedrock as https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html describes it, and the messages
 * in which its models refuse.
 */
export const FAKE_SECRET = 'fake/secret+key/0123456789';
export const FAKE_ID = { accessKeyId: 'AKIAFAKEKEY', region: 'eu-central-1' } as const;

interface Block {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId: string };
  readonly toolResult?: { readonly toolUseId: string; readonly content: readonly Block[] };
}
interface Message {
  readonly role: string;
  readonly content: readonly Block[];
}
interface Tool {
  readonly toolSpec?: { readonly inputSchema: { readonly json: Readonly<Record<string, unknown>> } };
}

export function startFakeBedrock(): Promise<FakeHttp> {
  return startFakeHttp({
    refuse: (request) => {
      if (!isSigned(request, { ...FAKE_ID, secretAccessKey: FAKE_SECRET })) {
        return errorAnswer(403, 'The request signature we calculated does not match the signature you provided.');
      }
      return request.method === 'GET' ? undefined : refuse(request);
    },
    answer: ({ method }) =>
      method === 'GET' ? jsonAnswer(200, { modelSummaries: [] }) : converseAnswer(['Good', ' morning', '.']),
  });
}

export function errorAnswer(status: number, message: string): FakeAnswer {
  return jsonAnswer(status, { message });
}

const invalid = (message: string) => errorAnswer(400, message);

function refuse({ target, body }: FakeHttpRequest): FakeAnswer | undefined {
  const [, encodedModel] = /^\/model\/([^/]+)\/converse-stream$/.exec(target) ?? [];
  if (encodedModel === undefined) return errorAnswer(404, 'UnknownOperationException');
  const model = decodeURIComponent(encodedModel);
  const {
    messages = [],
    system = [],
    toolConfig,
    inferenceConfig,
  } = body as {
    messages?: readonly Message[];
    system?: readonly (Block & { readonly cachePoint?: object })[];
    toolConfig?: { readonly tools: readonly Tool[] };
    inferenceConfig?: { readonly temperature?: number };
  };
  if (/claude-sonnet-5/.test(model) && inferenceConfig?.temperature !== undefined)
    return invalid('temperature: not supported');
  if (!/claude/.test(model) && system.some(({ cachePoint }) => cachePoint !== undefined)) {
    return errorAnswer(403, 'You invoked an unsupported model or your request did not allow prompt caching.');
  }
  return firstOf(
    ...system.map(refuseBlock),
    ...(toolConfig?.tools ?? []).map((tool) => refuseTool(tool, model)),
    refuseMessages(messages, toolConfig !== undefined),
  );
}

function refuseBlock({ text, toolUse, toolResult }: Block): FakeAnswer | undefined {
  if (text?.trim() === '') return invalid('The text field in the ContentBlock object is blank.');
  if (toolUse !== undefined && !/^[a-zA-Z0-9_-]{1,64}$/.test(toolUse.toolUseId)) {
    return invalid("Value at 'toolUseId' failed to satisfy constraint: [a-zA-Z0-9_-]+");
  }
  return firstOf(...(toolResult?.content ?? []).map(refuseBlock));
}

function refuseTool({ toolSpec }: Tool, model: string): FakeAnswer | undefined {
  const schema = toolSpec?.inputSchema.json ?? {};
  if (schema.type !== 'object') return invalid('toolConfig.tools.0.toolSpec.inputSchema.json.type must be object');
  const extra = Object.keys(schema).find((key) => !['type', 'properties', 'required'].includes(key));
  if (!model.includes('nova') || extra === undefined) return undefined;
  return invalid(`Malformed input request: #/toolConfig/tools/0: extraneous key [${extra}] is not permitted`);
}

function refuseMessages(messages: readonly Message[], hasTools: boolean): FakeAnswer | undefined {
  if (messages[0]?.role !== 'user') return invalid('A conversation must start with a user message.');
  if (messages.at(-1)?.role !== 'user') return invalid('The model does not support assistant message prefill.');
  return firstOf(
    ...messages.flatMap(({ content }) => content.map(refuseBlock)),
    ...messages.map((message, index) => refuseTurn(message, messages[index - 1], messages[index + 1], hasTools)),
  );
}

function refuseTurn(
  { role, content }: Message,
  before: Message | undefined,
  next: Message | undefined,
  hasTools: boolean,
) {
  if (role === before?.role) return invalid('A conversation must alternate between user and assistant roles.');
  const calls = content.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
  const results = (next?.content ?? []).flatMap(({ toolResult }) => toolResult?.toolUseId ?? []);
  if (calls.length > 0 && !hasTools) return invalid('The toolConfig field must be defined when using toolUse blocks.');
  if (calls.length !== results.length || calls.some((id) => !results.includes(id))) {
    return invalid('Expected toolResult blocks at messages.2.content for the toolUse ids');
  }
  const isMixed =
    content.some(({ toolResult }) => toolResult !== undefined) && content.some(({ text }) => text !== undefined);
  return isMixed ? invalid('This model does not support tool results beside other content in one message.') : undefined;
}

export const event = (type: string, payload: object) =>
  frameOf({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);

export const exception = (type: string, message: string) =>
  frameOf({ ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' }, { message });

/** `p` is padding that Amazon adds against eavesdroppers who measure. */
export const delta = (text: string, index = 0) =>
  event('contentBlockDelta', { contentBlockIndex: index, delta: { text }, p: 'abcdefgh' });

export const BEGIN = event('messageStart', { role: 'assistant', p: 'abc' });

export function endOf(stopReason: string): Buffer {
  const usage = { inputTokens: 12, outputTokens: 3, totalTokens: 15 };
  return Buffer.concat([
    event('messageStop', { stopReason }),
    event('metadata', { usage, metrics: { latencyMs: 300 } }),
  ]);
}

export function streamAnswer(...frames: readonly Buffer[]): FakeAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    body: Buffer.concat(frames),
  };
}

export function converseAnswer(deltas: readonly string[], calls: readonly FakeToolCall[] = []): FakeAnswer {
  return streamAnswer(
    BEGIN,
    ...deltas.map((text) => delta(text)),
    event('contentBlockStop', { contentBlockIndex: 0 }),
    ...calls.flatMap((call, index) => callFrames(call, index + 1)),
    endOf(calls.length > 0 ? 'tool_use' : 'end_turn'),
  );
}

function callFrames({ id, name, argumentsJson }: FakeToolCall, index: number): Buffer[] {
  const half = Math.ceil(argumentsJson.length / 2);
  const piece = (input: string) =>
    event('contentBlockDelta', { contentBlockIndex: index, delta: { toolUse: { input } } });
  return [
    event('contentBlockStart', { contentBlockIndex: index, start: { toolUse: { toolUseId: `tooluse_${id}`, name } } }),
    piece(argumentsJson.slice(0, half)),
    piece(argumentsJson.slice(half)),
    event('contentBlockStop', { contentBlockIndex: index }),
  ];
}

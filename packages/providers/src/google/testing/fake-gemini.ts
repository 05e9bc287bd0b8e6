import { firstOf } from '../../ai-sdk/testing/events.js';
import {
  eventStream,
  type FakeAnswer,
  type FakeToolCall,
  jsonAnswer,
} from '../../openai-compatible/testing/fake-answers.js';
import { type FakeHttp, type FakeHttpRequest, startFakeHttp } from '../../wire/testing/fake-http.js';

/**
 * The Gemini API as https://ai.google.dev/api/generate-content, /api/caching#Schema, /gemini-api/docs/thinking and the messages of its
 * refusals describe it.
 */
export const FAKE_KEY = 'AIza-fake-key-0123456789';

interface Part {
  readonly text?: string;
  readonly functionCall?: { readonly name: string };
  readonly functionResponse?: { readonly name: string };
  readonly thoughtSignature?: string;
}
interface Content {
  readonly role: string;
  readonly parts: readonly Part[];
}
type Schema = Readonly<Record<string, unknown>>;

export function startFakeGemini(): Promise<FakeHttp> {
  return startFakeHttp({
    refuse: (request) => refusedKey(request) ?? (request.method === 'GET' ? undefined : refuse(request)),
    answer: ({ method }) =>
      method === 'GET' ? jsonAnswer(200, { models: [] }) : contentAnswer(['Good', ' morning', '.']),
  });
}

export function errorAnswer(status: number, message: string, name = 'INVALID_ARGUMENT', details?: object): FakeAnswer {
  return jsonAnswer(status, { error: { code: status, message, status: name, ...details } });
}

const invalid = (message: string) => errorAnswer(400, message);

function refusedKey({ headers }: FakeHttpRequest): FakeAnswer | undefined {
  if (headers['x-goog-api-key'] === FAKE_KEY) return undefined;
  const reason = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' };
  return errorAnswer(400, `API key not valid: ${headers['x-goog-api-key']}.`, 'INVALID_ARGUMENT', {
    details: [reason],
  });
}

function refuse({ target, body }: FakeHttpRequest): FakeAnswer | undefined {
  const [, model] = /^\/v1beta\/models\/([\w.-]+):streamGenerateContent\?alt=sse$/.exec(target) ?? [];
  if (model === undefined) return errorAnswer(404, 'not found', 'NOT_FOUND');
  const { contents, systemInstruction, tools, generationConfig } = body as {
    contents?: readonly Content[];
    systemInstruction?: Content;
    tools?: readonly { readonly functionDeclarations: readonly { readonly parameters?: Schema }[] }[];
    generationConfig?: { readonly thinkingConfig?: Readonly<Record<string, unknown>> };
  };
  return firstOf(
    refuseThinking(model, generationConfig?.thinkingConfig),
    systemInstruction?.parts[0]?.text?.trim() === '' ? invalid('systemInstruction: must not be empty') : undefined,
    refuseContents(contents ?? [], model),
    ...(tools ?? []).flatMap((tool) => tool.functionDeclarations.map(({ parameters }) => refuseParameters(parameters))),
  );
}

function refuseThinking(model: string, config: Readonly<Record<string, unknown>> | undefined): FakeAnswer | undefined {
  if (config === undefined) return undefined;
  if (/gemini-2\.0/.test(model)) return invalid('Thinking is not supported for this model.');
  const isOld = /gemini-2\.5/.test(model);
  if (isOld !== 'thinkingBudget' in config || isOld === 'thinkingLevel' in config) {
    return invalid('Thinking level is not supported for this model.');
  }
  if (/2\.5-pro/.test(model) && config.thinkingBudget === 0) return invalid('This model only works in thinking mode.');
  if (/3\.[78]|pro/.test(model) && config.thinkingLevel === 'minimal') return invalid('thinking level MINIMAL');
  return undefined;
}

function refuseContents(contents: readonly Content[], model: string): FakeAnswer | undefined {
  if (contents.length === 0) return invalid('* GenerateContentRequest.contents: contents is not specified');
  if (contents[0]?.role !== 'user') return invalid('Please ensure that single turn requests begin with a user role');
  if (contents.at(-1)?.role !== 'user') return invalid('Please ensure that multiturn requests end with a user role');
  return firstOf(
    ...contents.map((content, index) => refuseTurn(content, contents[index - 1], contents[index + 1], model)),
  );
}

const count = (content: Content | undefined, part: keyof Part) =>
  content?.parts.filter((one) => one[part] !== undefined).length ?? 0;

function refuseTurn(turn: Content, before: Content | undefined, next: Content | undefined, model: string) {
  if (turn.parts.length === 0 || turn.parts.some(({ text }) => text?.trim() === '')) {
    return invalid('Unable to submit request because it must have a text parameter');
  }
  if (turn.role === before?.role)
    return invalid('Please ensure that multiturn requests alternate between user and model.');
  if (count(turn, 'functionCall') !== count(next, 'functionResponse')) {
    return invalid(
      'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
    );
  }
  if (/gemini-3/.test(model) && count(turn, 'functionCall') > 0 && count(turn, 'thoughtSignature') === 0) {
    return invalid('Function call is missing a thought_signature in functionCall parts.');
  }
  return undefined;
}

const KEYWORDS =
  /^(type|format|title|description|nullable|enum|maxItems|minItems|properties|required|minProperties|maxProperties|minLength|maxLength|pattern|example|anyOf|propertyOrdering|default|items|minimum|maximum)$/;

function refuseParameters(parameters: Schema | undefined): FakeAnswer | undefined {
  if (parameters === undefined) return undefined;
  if (Object.keys((parameters.properties as object | undefined) ?? {}).length === 0) {
    return invalid('parameters.properties: should be non-empty for OBJECT type');
  }
  return refuseSchema(parameters);
}

function refuseSchema(schema: Schema): FakeAnswer | undefined {
  const { type, format, enum: values, required = [], properties = {}, items, anyOf = [] } = schema;
  const unknown = Object.keys(schema).find((key) => !KEYWORDS.test(key));
  if (unknown !== undefined)
    return invalid(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
  if (type === undefined && !('anyOf' in schema)) return invalid('schema.type: must be specified');
  if (type === 'string' && format !== undefined && !/^(enum|date-time)$/.test(String(format))) {
    return invalid("only 'enum' and 'date-time' are supported for STRING type");
  }
  if (values !== undefined && type !== 'string') return invalid('enum: only allowed for STRING type');
  if (type === 'array' && items === undefined) return invalid('items: missing field.');
  const strange = (required as string[]).find((name) => !(name in (properties as object)));
  if (strange !== undefined) return invalid('required[0]: property is not defined');
  const below = [
    ...Object.values(properties as object),
    ...(anyOf as Schema[]),
    ...(items === undefined ? [] : [items]),
  ];
  return firstOf(...below.map((one) => refuseSchema(one as Schema)));
}

export const chunk = (parts: readonly object[], more: object = {}) =>
  JSON.stringify({
    candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
    modelVersion: 'gemini-2.5-flash',
    responseId: 'response-1',
  });

const USAGE = { usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 3, totalTokenCount: 15 } };

export function endOf(reason: string): string {
  return JSON.stringify({ candidates: [{ finishReason: reason, index: 0 }], ...USAGE });
}

/** A stream of `GenerateContentResponse`s: text as it comes, calls of functions whole. */
export function contentAnswer(deltas: readonly string[], calls: readonly FakeToolCall[] = []): FakeAnswer {
  return eventStream([
    ...deltas.map((text) => chunk([{ text }])),
    ...calls.map(({ id, name, argumentsJson }) =>
      chunk([{ functionCall: { id, name, args: JSON.parse(argumentsJson) } }]),
    ),
    endOf('STOP'),
  ]);
}

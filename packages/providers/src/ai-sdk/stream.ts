import type { JsonObject, LanguageModelRequest, ToolDefinition } from '@rapida/core';
import type { streamText, TextStreamPart, ToolSet } from 'ai';
import { fillIn } from '../wire/fill-in.js';
import { toModelMessages } from './messages.js';
import { inOrder, type OrderRules } from './order.js';

type StreamSettings = Parameters<typeof streamText>[0];
export type SdkModel = StreamSettings['model'];
export type SdkOptions = NonNullable<StreamSettings['providerOptions']>;

interface Asking {
  readonly sampling: { readonly temperature: number | undefined; readonly maxOutputTokens: number };
  readonly order?: OrderRules;
  readonly schema?: (parameters: JsonObject) => JsonObject;
  readonly strictTools?: false;
  readonly options?: SdkOptions;
  readonly instructionOptions?: SdkOptions;
  readonly failureIn?: (event: unknown) => unknown;
}

/** Asks `model` once. Failures come as parts of the stream. */
export async function streamOf(
  vendor: Asking,
  model: SdkModel,
  request: LanguageModelRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<TextStreamPart<ToolSet>>> {
  const { streamText, jsonSchema } = await import('ai');
  // It would print what it leaves out for a model, and that it prints; there is no other switch.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const { order, sampling, options, instructionOptions } = vendor;
  const hasTools = request.tools.length > 0;
  const tools: ToolSet = Object.fromEntries(request.tools.map((tool) => [tool.name, toolOf(tool, vendor, jsonSchema)]));
  const instructions = fillIn(request.instructions, request.variables);
  const messages = toModelMessages(request);
  return streamText({
    model,
    // Some vendors refuse an empty one.
    ...(instructions.trim() !== '' && {
      system: {
        role: 'system',
        content: instructions,
        ...(instructionOptions !== undefined && { providerOptions: instructionOptions }),
      },
    }),
    messages: order === undefined ? messages : inOrder(messages, order, hasTools),
    ...(hasTools && { tools }),
    ...(sampling.temperature !== undefined && { temperature: sampling.temperature }),
    maxOutputTokens: sampling.maxOutputTokens,
    ...(options !== undefined && { providerOptions: options }),
    maxRetries: 0,
    abortSignal: signal,
    includeRawChunks: vendor.failureIn !== undefined,
    // The SDK's own handler would print them.
    onError: () => {},
  }).fullStream;
}

function toolOf(
  { description, parameters }: ToolDefinition,
  { schema, strictTools }: Asking,
  jsonSchema: typeof import('ai').jsonSchema,
) {
  const told = structuredClone(schema === undefined ? parameters : schema(parameters));
  return {
    description,
    inputSchema: jsonSchema(told as Parameters<typeof jsonSchema>[0]),
    ...(strictTools !== undefined && { strict: strictTools }),
  };
}

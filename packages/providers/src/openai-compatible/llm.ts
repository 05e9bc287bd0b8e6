import {
  type JsonObject,
  type LanguageModelEvent,
  type LanguageModelRequest,
  linkedAbort,
  RapidaError,
  type ToolDefinition,
} from '@rapida/core';
import type { TextStreamPart, ToolSet } from 'ai';
import type { CreateModel } from '../vendor.js';
import { protocolError, rapidaErrorIn } from '../wire/vendor-errors.js';
import type { VendorHttp } from '../wire/vendor-http.js';
import { streamedError } from './errors.js';
import { fillIn, toModelMessages } from './messages.js';
import { serverOf } from './server.js';

/** One answer: many times the longest `maxOutputTokens`, each token an event of some 200 bytes. */
export const ANSWER_BYTES_MAX = 8 * 1_024 * 1_024;

/**
 * Answers by a streamed `POST /chat/completions`. The AI SDK, which is a large import, is loaded with the first answer.
 * Reasoning is not said and not yielded.
 */
export const createModel: CreateModel<'openai-compatible'> = (parts, config) => {
  const server = serverOf(parts, config.baseUrl);
  return {
    provider: 'openai-compatible',
    generate: (request, signal) => generate(server, config, request, signal),
  };
};

interface Sampling {
  readonly model: string;
  readonly temperature: number;
  readonly maxOutputTokens: number;
}

async function* generate(
  server: VendorHttp,
  config: Sampling,
  request: LanguageModelRequest,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelEvent, void, undefined> {
  if (signal.aborted) return;
  const { controller, unlink } = linkedAbort(signal);
  try {
    for await (const part of await startStream(server, config, request, controller.signal)) {
      if (signal.aborted) return;
      const event = eventOf(part, server);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    if (!signal.aborted) throw translated(error, server);
  } finally {
    unlink();
    controller.abort(new DOMException('over', 'AbortError'));
  }
}

async function startStream(server: VendorHttp, config: Sampling, request: LanguageModelRequest, signal: AbortSignal) {
  const [{ streamText, jsonSchema }, { createOpenAICompatible }] = await Promise.all([
    import('ai'),
    import('@ai-sdk/openai-compatible'),
  ]);
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: server.baseUrl,
    includeUsage: true,
    // Key, timeouts, limits and failures are the server's: the SDK sees neither the key nor the network.
    fetch: (_url, init) =>
      server.post(
        '/chat/completions',
        { type: 'json', json: String(init?.body), accept: 'text/event-stream' },
        signal,
        ANSWER_BYTES_MAX,
      ),
  });
  const tools: ToolSet = Object.fromEntries(request.tools.map((tool) => [tool.name, toolOf(tool, jsonSchema)]));
  return streamText({
    model: provider(config.model),
    system: fillIn(request.instructions, request.variables),
    messages: toModelMessages(request),
    ...(request.tools.length > 0 && { tools }),
    temperature: config.temperature,
    maxOutputTokens: config.maxOutputTokens,
    maxRetries: 0,
    abortSignal: signal,
    // Failures come as parts of the stream; the SDK's own handler would print them.
    onError: () => {},
  }).fullStream;
}

function toolOf({ description, parameters }: ToolDefinition, jsonSchema: typeof import('ai').jsonSchema) {
  return { description, inputSchema: jsonSchema(structuredClone(parameters) as Parameters<typeof jsonSchema>[0]) };
}

/** Throws what the part says went wrong. */
function eventOf(part: TextStreamPart<ToolSet>, server: VendorHttp): LanguageModelEvent | undefined {
  switch (part.type) {
    case 'text-delta':
      return part.text === '' ? undefined : { type: 'text', text: part.text };
    case 'tool-call':
      if (part.invalid === true) throw protocolError('The model called an unknown tool, or not in JSON', part.error);
      return { type: 'tool-call', call: { id: part.toolCallId, name: part.toolName, args: objectOf(part.input) } };
    case 'finish': {
      const { inputTokens, outputTokens } = part.totalUsage;
      if (inputTokens === undefined || outputTokens === undefined) return undefined;
      return { type: 'usage', inputTokens, outputTokens };
    }
    case 'error':
      throw translated(part.error, server);
    default:
      return undefined;
  }
}

function objectOf(input: unknown): JsonObject {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as JsonObject;
  throw protocolError('The model called a tool with arguments that are not an object');
}

/** What the SDK throws or yields as an error, in our codes: ours inside it, the server's own object, or neither. */
function translated(error: unknown, { apiKey }: VendorHttp): RapidaError {
  const ours = rapidaErrorIn(error);
  if (ours !== undefined) return ours;
  // The SDK's own errors are about what it was sent; any other is a fault of ours.
  if (error instanceof Error && !error.name.startsWith('AI_')) return RapidaError.from(error);
  if (error instanceof Error || typeof error !== 'object' || error === null) {
    return protocolError('The answer is not a stream of chat completions', error);
  }
  return streamedError(error, apiKey);
}

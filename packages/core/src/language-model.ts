import type { Json, JsonObject } from './json.js';
import type { RecognitionHints } from './speech-to-text.js';

/** One answer of the assistant. One attempt; a failure is a `RapidaError` thrown from the iterator. */
export interface LanguageModel {
  readonly provider: string;
  /** Nothing starts before the first `next()`; aborting `signal` ends the request at the provider too. */
  generate(request: LanguageModelRequest, signal: AbortSignal): AsyncIterable<LanguageModelEvent>;
  /** What a caller may sensibly say now, for recognisers that need to know. Pure. */
  expectations?(memo: Json): RecognitionHints;
}

export interface LanguageModelRequest {
  readonly instructions: string;
  /** What was said and *heard*, oldest first, ending with what has to be answered. */
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  /** Values for `{{variables}}`: assistant's own, call metadata, caller's number. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the model asked to be given back the last time (`memo` event); null at the start. */
  readonly memo: Json;
  /** The assistant was stopped in the middle of its last message by mistake: go on from there instead of answering again. */
  readonly continuing?: boolean;
}

export type ChatMessage =
  | {
      readonly role: 'user';
      readonly text: string;
      /** The caller spoke but was not understood; `text` is empty. */
      readonly rejected?: boolean;
      readonly via?: 'speech' | 'dtmf';
    }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly interrupted?: boolean;
      readonly toolCalls?: readonly ToolCall[];
    }
  | { readonly role: 'tool'; readonly callId: string; readonly name: string; readonly result: string };

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: JsonObject;
}

export type LanguageModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  /** The model's own state of the dialogue, returned with the next request. JSON, at most a few kB. */
  | { readonly type: 'memo'; readonly memo: Json }
  | { readonly type: 'usage'; readonly inputTokens: number; readonly outputTokens: number };

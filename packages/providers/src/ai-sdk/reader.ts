import { type JsonObject, type LanguageModelEvent, RapidaError, type Secret } from '@rapida/core';
import type { TextStreamPart, ToolSet } from 'ai';
import { protocolError, quote } from '../wire/vendor-errors.js';
import { translated } from './errors.js';

interface Reading {
  readonly server: { readonly apiKey: Secret | undefined };
  readonly failureIn?: (event: unknown) => RapidaError | undefined;
  readonly isUnknownEvent?: (error: unknown) => boolean;
  readonly translate?: (error: unknown) => RapidaError | undefined;
}

type FinishPart = Extract<TextStreamPart<ToolSet>, { type: 'finish' }>;

/** Turns the parts of one answer into events, and throws what a part says went wrong. */
export class AnswerReader {
  readonly #vendor: Reading;
  #hasAnswered = false;

  constructor(vendor: Reading) {
    this.#vendor = vendor;
  }

  read(part: TextStreamPart<ToolSet>): LanguageModelEvent | undefined {
    switch (part.type) {
      case 'text-delta':
        if (part.text === '') return undefined;
        this.#hasAnswered = true;
        return { type: 'text', text: part.text };
      case 'tool-call':
        if (part.invalid === true) throw protocolError('The model called an unknown tool, or not in JSON', part.error);
        this.#hasAnswered = true;
        return { type: 'tool-call', call: { id: part.toolCallId, name: part.toolName, args: objectOf(part.input) } };
      case 'finish':
        return this.#finished(part);
      case 'raw':
        return this.#minded(part.rawValue);
      case 'error':
        if (this.#vendor.isUnknownEvent?.(part.error) === true) return undefined;
        throw this.#vendor.translate?.(part.error) ?? translated(part.error, this.#vendor.server.apiKey);
      default:
        return undefined;
    }
  }

  #minded(event: unknown): undefined {
    const failure = this.#vendor.failureIn?.(event);
    if (failure !== undefined) throw failure;
  }

  /** An answer that was cut off is not an answer, and one without a word would be silence on the telephone. */
  #finished({ finishReason, rawFinishReason, totalUsage }: FinishPart): LanguageModelEvent | undefined {
    if (finishReason === 'other' && rawFinishReason === undefined) throw protocolError('The answer broke off');
    if (finishReason === 'error') {
      throw protocolError(`The answer ended in an error: ${quote(rawFinishReason ?? '', this.#vendor.server.apiKey)}`);
    }
    const why = NOTHING_SAID[finishReason];
    if (!this.#hasAnswered && why !== undefined) throw new RapidaError('provider_rejected', why);
    const { inputTokens, outputTokens } = totalUsage;
    if (inputTokens === undefined || outputTokens === undefined) return undefined;
    return { type: 'usage', inputTokens, outputTokens };
  }
}

const NOTHING_SAID: Readonly<Partial<Record<FinishPart['finishReason'], string>>> = {
  length: 'maxOutputTokens was used up before the first word: this model reasons, give it more or take another',
  'content-filter': "The provider's filter stopped the answer before its first word",
};

function objectOf(input: unknown): JsonObject {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as JsonObject;
  throw protocolError('The model called a tool with arguments that are not an object');
}

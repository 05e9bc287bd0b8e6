import type { JsonObject } from '@rapida/core';
import { bareSchema, objectSchema } from '../ai-sdk/schema.js';
import type { SdkOptions } from '../ai-sdk/stream.js';

/** Claude models that refuse a temperature, cannot be kept from thinking, or think unless told not to: @ai-sdk/anthropic 3.0.140. */
const REFUSES_TEMPERATURE = /claude-(opus-4-[78]|(sonnet|opus|haiku|fable)-5)/;
const ALWAYS_THINKS = /claude-((sonnet|opus)-5-5|fable-5)/;
const THINKS_UNLESS_TOLD = /claude-(sonnet|opus|haiku)-5/;
/** Claude models with caches: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html */
const HAS_CACHE = /claude-(3-7|sonnet-|opus-|haiku-|fable-)/;

/** How a model behind Bedrock wants to be asked: Bedrock is one protocol, but its families of models refuse different things. */
export interface Family {
  readonly refusesTemperature: boolean;
  readonly options: SdkOptions | undefined;
  readonly instructionOptions: SdkOptions | undefined;
  readonly schema: (parameters: JsonObject) => JsonObject;
}

export function familyOf(model: string): Family {
  return {
    refusesTemperature: REFUSES_TEMPERATURE.test(model),
    options: leastThinking(model),
    instructionOptions: HAS_CACHE.test(model) ? { bedrock: { cachePoint: { type: 'default' } } } : undefined,
    schema: model.includes('amazon.nova') ? bareSchema : objectSchema,
  };
}

function leastThinking(model: string): SdkOptions | undefined {
  if (ALWAYS_THINKS.test(model) || model.includes('openai.')) {
    return { bedrock: { reasoningConfig: { maxReasoningEffort: 'low' } } };
  }
  if (!THINKS_UNLESS_TOLD.test(model)) return undefined;
  return { bedrock: { additionalModelRequestFields: { thinking: { type: 'disabled' } } } };
}

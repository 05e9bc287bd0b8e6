import { createSdkModel } from '../ai-sdk/model.js';
import { objectSchema } from '../ai-sdk/schema.js';
import type { CreateModel } from '../vendor.js';
import { serverOf } from './server.js';

/**
 * Groq's chat completions (https://console.groq.com/docs/api-reference, events as in @ai-sdk/groq 3.0.71).
 */
export const createModel: CreateModel<'groq'> = (parts, config) => {
  const reasoning = leastReasoning(config.model);
  return createSdkModel({
    provider: 'groq',
    server: serverOf(parts, config.baseUrl),
    sampling: config,
    order: { startsWithUser: false, answersTools: false, callId: /^[\w-]{1,64}$/ },
    schema: objectSchema,
    ...(reasoning !== undefined && { options: { groq: reasoning } }),
    load: async (connection) => {
      const { createGroq } = await import('@ai-sdk/groq');
      return createGroq(connection)(config.model);
    },
  });
};

/** By family; others refuse to be told (https://console.groq.com/docs/reasoning). What is reasoned must not lie in the text: it would be said. */
function leastReasoning(model: string): { reasoningEffort: string } | { reasoningFormat: string } | undefined {
  if (/gpt-oss/.test(model)) return { reasoningEffort: 'low' };
  if (/qwen3/.test(model)) return { reasoningEffort: 'none' };
  return /deepseek-r1|qwq/.test(model) ? { reasoningFormat: 'parsed' } : undefined;
}

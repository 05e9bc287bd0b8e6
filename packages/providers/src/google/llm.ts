import { createSdkModel } from '../ai-sdk/model.js';
import { openApiSchema } from '../ai-sdk/schema.js';
import type { CreateModel } from '../vendor.js';
import { serverOf } from './server.js';
import { leastThinking } from './thinking.js';

/**
 * Gemini by the Gemini API: `models/{model}:streamGenerateContent?alt=sse` (https://ai.google.dev/api/generate-content, v1beta, events
 * as in @ai-sdk/google 3.0.141). Its caches work by themselves.
 */
export const createModel: CreateModel<'google'> = (parts, config) => {
  const thinking = leastThinking(config.model);
  return createSdkModel({
    provider: 'google',
    server: serverOf(parts, config.baseUrl),
    sampling: config,
    order: { startsWithUser: true, answersTools: true, callId: /^[\w-]{1,64}$/ },
    schema: openApiSchema,
    ...(thinking !== undefined && { options: { google: { thinkingConfig: { ...thinking } } } }),
    load: async (connection) => {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
      return createGoogleGenerativeAI(connection)(config.model);
    },
  });
};

import { createSdkModel } from '../ai-sdk/model.js';
import { objectSchema } from '../ai-sdk/schema.js';
import { serverOf } from '../openai-compatible/server.js';
import type { CreateModel } from '../vendor.js';
import { leastEffort } from './effort.js';

/**
 * OpenAI's Responses API (https://developers.openai.com/api/reference/resources/responses, streaming events as in the AI SDK's
 * @ai-sdk/openai 3.0.141). Not chat completions: since GPT-5.4 those refuse tools to models that reason. Nothing is stored at OpenAI,
 * the history goes along each time; its caches work by themselves. The SDK drops the temperature where a model refuses one.
 */
export const createModel: CreateModel<'openai'> = (parts, config) => {
  const effort = config.reasoningEffort ?? leastEffort(config.model);
  return createSdkModel({
    provider: 'openai',
    server: serverOf(parts, config.baseUrl),
    sampling: config,
    order: { startsWithUser: false, answersTools: false, callId: /^[\w-]{1,64}$/ },
    schema: objectSchema,
    strictTools: false,
    options: { openai: { store: false, ...(effort !== undefined && { reasoningEffort: effort }) } },
    load: async (connection) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI(connection).responses(config.model);
    },
  });
};

import { createSdkModel } from '../ai-sdk/model.js';
import type { CreateModel } from '../vendor.js';
import { serverOf } from './server.js';

/** Answers by a streamed `POST /chat/completions`. */
export const createModel: CreateModel<'openai-compatible'> = (parts, config) =>
  createSdkModel({
    provider: 'openai-compatible',
    server: serverOf(parts, config.baseUrl),
    sampling: config,
    load: async ({ baseURL, fetch }) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({ name: 'openai-compatible', baseURL, includeUsage: true, fetch })(config.model);
    },
  });

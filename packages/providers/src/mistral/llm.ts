import { createSdkModel } from '../ai-sdk/model.js';
import { objectSchema } from '../ai-sdk/schema.js';
import type { CreateModel } from '../vendor.js';
import { serverOf } from './server.js';

/** Models whose reasoning can be switched off; others refuse to be told: @ai-sdk/mistral 3.0.69. */
const MAY_REASON = /^mistral-(small-(latest|2603)|medium-3\.5)$/;

/**
 * Mistral's chat completions (https://docs.mistral.ai/api/, events as in @ai-sdk/mistral 3.0.69). Ids of calls have nine
 * letters or digits, and the result of a tool is answered by the assistant, never followed by the user.
 */
export const createModel: CreateModel<'mistral'> = (parts, config) =>
  createSdkModel({
    provider: 'mistral',
    server: serverOf(parts, config.baseUrl),
    sampling: config,
    order: { startsWithUser: false, answersTools: true, callId: /^[A-Za-z0-9]{9}$/ },
    schema: objectSchema,
    ...(MAY_REASON.test(config.model) && { options: { mistral: { reasoningEffort: 'none' } } }),
    load: async (connection) => {
      const { createMistral } = await import('@ai-sdk/mistral');
      return createMistral(connection)(config.model);
    },
  });

import { createSdkModel } from '../ai-sdk/model.js';
import { objectSchema } from '../ai-sdk/schema.js';
import { leastEffort } from '../openai/effort.js';
import type { CreateModel } from '../vendor.js';
import { pathOf, serverOf } from './server.js';

/**
 * Chat completions of Azure OpenAI (https://learn.microsoft.com/azure/ai-foundry/openai/reference, v1 and dated versions). Chat
 * completions and not Responses: every version and every region has them. What a deployment is made of its name need not say:
 * where it does not, `reasoningEffort` tells that its model reasons.
 */
export const createModel: CreateModel<'azure-openai'> = (parts, config) => {
  const effort = config.reasoningEffort ?? leastEffort(config.model);
  return createSdkModel({
    provider: 'azure-openai',
    server: serverOf(parts),
    path: pathOf(config.model, parts.credential.apiVersion),
    sampling: config,
    order: { startsWithUser: false, answersTools: false, callId: /^[\w-]{1,40}$/ },
    schema: objectSchema,
    ...(effort !== undefined && { options: { openai: { reasoningEffort: effort, forceReasoning: true } } }),
    load: async (connection) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI(connection).chat(config.model);
    },
  });
};

import { z } from 'zod';
import { modelOf, remote, remoteAt } from './words.js';

const sampling = {
  temperature: z.number().min(0).max(2).default(0.4),
  maxOutputTokens: z.int().min(16).max(8_192).default(400),
};

/** How much a model of OpenAI reasons before it answers. */
const reasoning = {
  reasoningEffort: z
    .enum(['none', 'minimal', 'low', 'medium', 'high'])
    .optional()
    .describe('Only for models that reason; without it the least that the model can'),
};

/** The language models, by provider. Every field has a default but the provider; without a provider it is the local one. */
export const modelSchema = z.discriminatedUnion('provider', [
  z.strictObject({
    // Without a provider as well.
    provider: z.literal('local').optional().default('local'),
    model: z.string().max(200).default('gpt-4o-mini').describe('Not used by the local one'),
    ...sampling,
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('openai-compatible'),
    model: modelOf('gpt-4o-mini'),
    ...sampling,
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('openai'),
    model: modelOf('gpt-4.1-mini'),
    ...sampling,
    ...reasoning,
    ...remoteAt,
  }),
  z.strictObject({ provider: z.literal('anthropic'), model: modelOf('claude-haiku-4-5'), ...sampling, ...remoteAt }),
  z.strictObject({ provider: z.literal('google'), model: modelOf('gemini-2.5-flash'), ...sampling, ...remoteAt }),
  z.strictObject({ provider: z.literal('mistral'), model: modelOf('mistral-small-latest'), ...sampling, ...remoteAt }),
  z.strictObject({ provider: z.literal('groq'), model: modelOf('llama-3.3-70b-versatile'), ...sampling, ...remoteAt }),
  z.strictObject({
    provider: z.literal('bedrock'),
    model: modelOf('amazon.nova-lite-v1:0'),
    ...sampling,
    ...remote,
  }),
  z.strictObject({
    provider: z.literal('azure-openai'),
    model: modelOf('gpt-4.1-mini').describe('The name of the deployment'),
    ...sampling,
    ...reasoning,
    ...remote,
  }),
]);

export type ModelConfig = z.infer<typeof modelSchema>;
export type ModelProvider = ModelConfig['provider'];
export type ModelOf<P extends ModelProvider> = Extract<ModelConfig, { provider: P }>;

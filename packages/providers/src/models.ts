import type { CreateModel, RemoteModel } from './vendor.js';

/** The language models that are reached over the network. Each is loaded when it is used first. */
export const MODELS: { readonly [P in RemoteModel]: () => Promise<CreateModel<P>> } = {
  'openai-compatible': async () => (await import('./openai-compatible/llm.js')).createModel,
  openai: async () => (await import('./openai/llm.js')).createModel,
  anthropic: async () => (await import('./anthropic/llm.js')).createModel,
  google: async () => (await import('./google/llm.js')).createModel,
  mistral: async () => (await import('./mistral/llm.js')).createModel,
  groq: async () => (await import('./groq/llm.js')).createModel,
  bedrock: async () => (await import('./bedrock/llm.js')).createModel,
  'azure-openai': async () => (await import('./azure-openai/llm.js')).createModel,
};

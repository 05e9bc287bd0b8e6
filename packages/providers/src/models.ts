import type { CreateModel, RemoteModel } from './vendor.js';

/** The language models that are reached over the network. Each is loaded when it is used first. */
export const MODELS: { readonly [P in RemoteModel]?: () => Promise<CreateModel<P>> } = {
  'openai-compatible': async () => (await import('./openai-compatible/llm.js')).createModel,
};

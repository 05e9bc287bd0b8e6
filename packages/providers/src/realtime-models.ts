import type { RealtimeProvider } from '@rapida/core';
import type { CreateRealtimeModel } from './vendor.js';

/** The models that hear and speak themselves. Each is loaded when it is used first. */
export const REALTIME_MODELS: { readonly [P in RealtimeProvider]: () => Promise<CreateRealtimeModel<P>> } = {
  openai: async () => (await import('./openai/realtime.js')).createRealtimeModel,
  google: async () => (await import('./google/realtime.js')).createRealtimeModel,
};

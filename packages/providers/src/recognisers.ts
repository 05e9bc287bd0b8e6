import type { CreateRecogniser, RemoteRecogniser } from './vendor.js';

/** The recognisers that are reached over the network. Each is loaded when it is used first. */
export const RECOGNISERS: { readonly [P in RemoteRecogniser]?: () => Promise<CreateRecogniser<P>> } = {
  'azure-speech': async () => (await import('./azure-speech/stt.js')).createRecogniser,
  'google-cloud': async () => (await import('./google-cloud/stt.js')).createRecogniser,
  'openai-compatible': async () => (await import('./openai-compatible/stt.js')).createRecogniser,
};

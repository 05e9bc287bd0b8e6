import type { CreateRecogniser, RemoteRecogniser } from './vendor.js';

/** The recognisers that are reached over the network. Each is loaded when it is used first. */
export const RECOGNISERS: { readonly [P in RemoteRecogniser]: () => Promise<CreateRecogniser<P>> } = {
  assemblyai: async () => (await import('./assemblyai/stt.js')).createRecogniser,
  deepgram: async () => (await import('./deepgram/stt.js')).createRecogniser,
  openai: async () => (await import('./openai/stt.js')).createRecogniser,
  'azure-speech': async () => (await import('./azure-speech/stt.js')).createRecogniser,
  'google-cloud': async () => (await import('./google-cloud/stt.js')).createRecogniser,
  'openai-compatible': async () => (await import('./openai-compatible/stt.js')).createRecogniser,
};

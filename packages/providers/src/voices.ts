import type { CreateVoice, RemoteVoice } from './vendor.js';

/** The voices that are reached over the network. Each is loaded when it is used first. */
export const VOICES: { readonly [P in RemoteVoice]: () => Promise<CreateVoice<P>> } = {
  'azure-speech': async () => (await import('./azure-speech/tts.js')).createVoice,
  'google-cloud': async () => (await import('./google-cloud/tts.js')).createVoice,
  'openai-compatible': async () => (await import('./openai-compatible/tts.js')).createVoice,
  openai: async () => (await import('./openai/tts.js')).createVoice,
  deepgram: async () => (await import('./deepgram/tts.js')).createVoice,
  cartesia: async () => (await import('./cartesia/tts.js')).createVoice,
  elevenlabs: async () => (await import('./elevenlabs/tts.js')).createVoice,
};

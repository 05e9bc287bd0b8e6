import type { CredentialProvider, OpenedCredential } from '@rapida/core';
import type { CommonParts, Probe } from './vendor.js';

export type ProbedProvider = Exclude<CredentialProvider, 'asterisk' | 'http'>;

/** Each is loaded when it is used first. */
const PROBES: { readonly [P in ProbedProvider]: () => Promise<Probe<P>> } = {
  assemblyai: async () => (await import('./assemblyai/probe.js')).probe,
  deepgram: async () => (await import('./deepgram/probe.js')).probe,
  openai: async () => (await import('./openai/probe.js')).probe,
  'azure-speech': async () => (await import('./azure-speech/probe.js')).probe,
  'google-cloud': async () => (await import('./google-cloud/probe.js')).probe,
  'openai-compatible': async () => (await import('./openai-compatible/probe.js')).probe,
  cartesia: async () => (await import('./cartesia/probe.js')).probe,
  elevenlabs: async () => (await import('./elevenlabs/probe.js')).probe,
  anthropic: async () => (await import('./anthropic/probe.js')).probe,
  google: async () => (await import('./google/probe.js')).probe,
  mistral: async () => (await import('./mistral/probe.js')).probe,
  groq: async () => (await import('./groq/probe.js')).probe,
  bedrock: async () => (await import('./bedrock/probe.js')).probe,
  'azure-openai': async () => (await import('./azure-openai/probe.js')).probe,
};

/** Asks the vendor of a credential whether it is good: see {@link Probe}. */
export async function probeProvider<P extends ProbedProvider>(
  provider: P,
  parts: CommonParts & { readonly credential: OpenedCredential<P> },
  signal: AbortSignal,
): Promise<string> {
  const load: () => Promise<Probe<P>> = PROBES[provider];
  return (await load())(parts, signal);
}

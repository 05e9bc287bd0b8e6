import { z } from 'zod';
import { modelOf, remote, remoteAt } from './words.js';

/** Words that the recogniser should expect, where the vendor takes them; what the dialogue expects is added to them. */
const keyTerms = z.array(z.string().trim().min(1).max(60)).max(100).default([]);

/** The recognisers, by provider. Every field has a default but the provider; without a provider it is the local one. */
export const recogniserSchema = z.discriminatedUnion('provider', [
  z.strictObject({
    // Without a provider as well.
    provider: z.literal('local').optional().default('local'),
    model: z.string().max(200).default('whisper-1').describe('Not used by the local one'),
    ...remoteAt,
  }),
  z.strictObject({ provider: z.literal('openai-compatible'), model: modelOf('whisper-1'), ...remoteAt }),
  z.strictObject({
    provider: z.literal('deepgram'),
    model: modelOf('nova-3'),
    keyTerms,
    smartFormat: z.boolean().default(true).describe('Figures, dates and money as they are written'),
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('assemblyai'),
    model: modelOf('universal-streaming-english'),
    keyTerms,
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('openai'),
    model: modelOf('gpt-4o-mini-transcribe'),
    keyTerms,
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('google-cloud'),
    model: modelOf('telephony').describe('`telephony`, `chirp_2`, `long`, ... of Speech-to-Text v2'),
    location: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/)
      .default('global'),
    keyTerms,
    punctuation: z.boolean().default(false).describe('Google refuses it where model and language do not have it'),
    ...remote,
  }),
  z.strictObject({ provider: z.literal('azure-speech'), keyTerms, ...remote }),
]);

export type RecogniserConfig = z.infer<typeof recogniserSchema>;
export type RecogniserProvider = RecogniserConfig['provider'];
export type RecogniserOf<P extends RecogniserProvider> = Extract<RecogniserConfig, { provider: P }>;

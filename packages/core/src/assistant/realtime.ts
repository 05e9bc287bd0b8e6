import { z } from 'zod';
import { modelOf, remoteAt } from './words.js';

/** Models that hear and speak themselves. Where one is set, it takes the place of recogniser, model and voice. */
export const realtimeSchema = z.discriminatedUnion('provider', [
  z.strictObject({
    provider: z.literal('openai'),
    model: modelOf('gpt-realtime-2.1'),
    voice: z.string().trim().min(1).max(200).default('marin'),
    /** Writes down what the caller says; the model itself hears the sound. */
    transcriptionModel: modelOf('gpt-transcribe'),
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('google'),
    model: modelOf('gemini-3.8-live'),
    voice: z.string().trim().min(1).max(200).default('Kore'),
    ...remoteAt,
  }),
]);

export type RealtimeConfig = z.infer<typeof realtimeSchema>;
export type RealtimeProvider = RealtimeConfig['provider'];
export type RealtimeOf<P extends RealtimeProvider> = Extract<RealtimeConfig, { provider: P }>;

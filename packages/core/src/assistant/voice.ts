import { z } from 'zod';
import { modelOf, remote, remoteAt } from './words.js';

const speedOf = (min: number, max: number) => z.number().min(min).max(max).default(1);
const speed = speedOf(0.5, 2);
const voiceOf = (standard: string) => z.string().trim().min(1).max(200).default(standard);

/** The voices, by provider. Every field has a default but the provider; without a provider it is the local one. */
export const voiceSchema = z.discriminatedUnion('provider', [
  z.strictObject({
    // Without a provider as well.
    provider: z.literal('local').optional().default('local'),
    model: z.string().max(200).default('tts-1').describe('Not used by the local one'),
    voice: z.string().max(200).default('slt').describe('slt, rms or awb'),
    speed,
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('openai-compatible'),
    model: modelOf('tts-1'),
    voice: voiceOf('alloy'),
    speed,
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('elevenlabs'),
    model: modelOf('eleven_flash_v2_5'),
    voice: voiceOf('JBFqnCBsd6RMkjVDRZzb').describe('The id of a voice'),
    stability: z.number().min(0).max(1).default(0.5),
    similarityBoost: z.number().min(0).max(1).default(0.75),
    speed: speedOf(0.7, 1.2),
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('cartesia'),
    model: modelOf('sonic-3.5'),
    voice: voiceOf('f786b574-daa5-4673-aa0c-cbe3e8534c02').describe('The id of a voice'),
    speed: speedOf(0.6, 1.5),
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('deepgram'),
    voice: voiceOf('aura-2-thalia-en').describe('Voice and model are one name'),
    speed: speedOf(0.7, 1.5),
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('openai'),
    model: modelOf('gpt-4o-mini-tts'),
    voice: voiceOf('alloy'),
    manner: z.string().max(1_000).default('').describe('How to speak, for models that take it'),
    speed,
    ...remoteAt,
  }),
  z.strictObject({
    provider: z.literal('google-cloud'),
    voice: voiceOf('en-US-Chirp3-HD-Achernar'),
    speed,
    ...remote,
  }),
  z.strictObject({
    provider: z.literal('azure-speech'),
    voice: voiceOf('en-US-AvaNeural'),
    speed,
    ...remote,
  }),
]);

export type VoiceConfig = z.infer<typeof voiceSchema>;
export type VoiceProvider = VoiceConfig['provider'];
export type VoiceOf<P extends VoiceProvider> = Extract<VoiceConfig, { provider: P }>;

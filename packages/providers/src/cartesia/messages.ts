import { RATE_HZ, type VoiceOptions } from '@rapida/core';
import { z } from 'zod';

/** https://docs.cartesia.ai/2026-03-01/api-reference/tts/websocket */

export interface GenerationOrder {
  readonly contextId: string;
  readonly model: string;
  readonly voice: VoiceOptions;
  readonly text: string;
}

/** The whole text of a context: nothing of it is held back, and nothing follows. */
export function generation({ contextId, model, voice, text }: GenerationOrder): string {
  return JSON.stringify({
    context_id: contextId,
    model_id: model,
    transcript: text,
    voice: { mode: 'id', id: voice.voice },
    language: voice.language.split('-')[0],
    output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: RATE_HZ },
    add_timestamps: true,
    continue: false,
    // `sonic-3.5` knows no speed.
    ...(voice.speed !== 1 && { generation_config: { speed: voice.speed } }),
  });
}

export function cancellation(contextId: string): string {
  return JSON.stringify({ context_id: contextId, cancel: true });
}

const eventSchema = z.object({
  type: z.string(),
  context_id: z.string().nullish(),
  data: z.string().nullish(),
  word_timestamps: z
    .object({ words: z.array(z.string()), start: z.array(z.number()), end: z.array(z.number()) })
    .nullish(),
  status_code: z.number().nullish(),
  message: z.string().nullish(),
});

export type CartesiaEvent = z.infer<typeof eventSchema>;

/** Undefined for what is not of the protocol. Types that nobody knows are events too. */
export function parseEvent(text: string): CartesiaEvent | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

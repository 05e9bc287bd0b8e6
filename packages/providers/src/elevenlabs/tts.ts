import { RATE_HZ, type VoiceOptions } from '@rapida/core';
import { z } from 'zod';
import type { CreateVoice } from '../vendor.js';
import { jsonLines } from '../wire/json-lines.js';
import { PcmSound } from '../wire/pcm-sound.js';
import { type PieceSound, speakPieces } from '../wire/spoken-pieces.js';
import { type TimedCharacters, WordsOfCharacters } from '../wire/spoken-words.js';
import { protocolError } from '../wire/vendor-errors.js';
import type { VendorHttp } from '../wire/vendor-http.js';
import { codeOfAnswer, streamedError } from './errors.js';
import { serverOf } from './server.js';

/** Lines of one piece: base64 and timing around six minutes of sound. */
const PIECE_BYTES_MAX = 20 * 1_024 * 1_024;
/** Of what was said before, so that the voice goes on in the same tone. */
const PREVIOUS_CHARACTERS_MAX = 500;

/**
 * ElevenLabs by `POST /v1/text-to-speech/{voice}/stream/with-timestamps`, one request per piece: sound as it is made, and when each
 * character is spoken. https://elevenlabs.io/docs/api-reference/text-to-speech/stream-with-timestamps (SDK of 2026-07-23). Not by the
 * WebSocket: it is for text that comes in fragments, "not the best choice when the entire input text is available upfront", and a piece is.
 */
export const createVoice: CreateVoice<'elevenlabs'> = (parts, config) => {
  const server = serverOf(parts, config.baseUrl, codeOfAnswer);
  return {
    provider: 'elevenlabs',
    speak: (pieces, voice, signal) =>
      speakPieces(pieces, signal, () => {
        let previous = '';
        return {
          async request(text, own) {
            const json = JSON.stringify(bodyOf(config, voice, text, previous));
            previous = `${previous} ${text}`.trim().slice(-PREVIOUS_CHARACTERS_MAX);
            const path = `/text-to-speech/${encodeURIComponent(voice.voice)}/stream/with-timestamps`;
            return soundOf(
              server,
              await server.post(`${path}?output_format=pcm_${RATE_HZ}`, { type: 'json', json }, own, PIECE_BYTES_MAX),
            );
          },
        };
      }),
  };
};

interface Manner {
  readonly model: string;
  readonly stability: number;
  readonly similarityBoost: number;
}

function bodyOf({ model, stability, similarityBoost }: Manner, voice: VoiceOptions, text: string, previous: string) {
  return {
    text,
    model_id: model,
    // Models before them take no language ("not supported for multilingual_v2").
    ...(/_v2_5$|_v3/.test(model) && { language_code: voice.language.split('-')[0] }),
    voice_settings: { stability, similarity_boost: similarityBoost, speed: voice.speed },
    // The third generation refuses it.
    ...(previous !== '' && !/_v3/.test(model) && { previous_text: previous }),
  };
}

const timingSchema = z.object({
  characters: z.array(z.string()),
  character_start_times_seconds: z.array(z.number()),
  character_end_times_seconds: z.array(z.number()),
});

const lineSchema = z.object({
  audio_base64: z.string().nullish(),
  alignment: timingSchema.nullish(),
  detail: z.unknown().optional(),
});

async function* soundOf(server: VendorHttp, response: Response): AsyncGenerator<PieceSound, void, undefined> {
  const sound = new PcmSound(RATE_HZ);
  const words = new WordsOfCharacters();
  for await (const value of jsonLines(response.body ?? [])) {
    const line = lineSchema.safeParse(value);
    if (!line.success) throw protocolError('The provider sent a line that is not of its protocol');
    const { audio_base64: audio, alignment, detail } = line.data;
    if (detail !== undefined) throw streamedError(line.data, server.apiKey);
    const samples = sound.push(Buffer.from(audio ?? '', 'base64'));
    if (samples.length > 0) yield { type: 'audio', samples };
    const whole = alignment == null ? [] : words.push(inMs(alignment));
    if (whole.length > 0) yield { type: 'words', words: whole };
  }
  const last = words.end();
  if (last.length > 0) yield { type: 'words', words: last };
}

function inMs(timing: z.infer<typeof timingSchema>): TimedCharacters {
  return {
    characters: timing.characters,
    startsMs: timing.character_start_times_seconds.map((second) => second * 1_000),
    endsMs: timing.character_end_times_seconds.map((second) => second * 1_000),
  };
}

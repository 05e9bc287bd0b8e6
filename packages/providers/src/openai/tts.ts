import { PIECE_BYTES_MAX, soundOf } from '../openai-compatible/answer-sound.js';
import { serverOf } from '../openai-compatible/server.js';
import type { CreateVoice } from '../vendor.js';
import { speakPieces } from '../wire/spoken-pieces.js';

/**
 * OpenAI's voices by `POST /audio/speech`, one request per piece; 24 kHz PCM as it is made. Knows no word times.
 * https://developers.openai.com/api/reference/resources/audio/subresources/speech/methods/create (as of OpenAPI 2.3.0).
 */
export const createVoice: CreateVoice<'openai'> = (parts, { model, manner, baseUrl }) => {
  const server = serverOf(parts, baseUrl);
  // The first generation is told nothing of the manner: "does not work with `tts-1` or `tts-1-hd`".
  const instructions = manner.trim() === '' || /^tts-1/.test(model) ? undefined : manner.trim();
  return {
    provider: 'openai',
    speak: (pieces, { voice, speed }, signal) =>
      speakPieces(pieces, signal, () => ({
        async request(input, own) {
          const json = JSON.stringify({
            ...{ model, input, voice, instructions, response_format: 'pcm' },
            ...(speed !== 1 && { speed }),
          });
          return soundOf(await server.post('/audio/speech', { type: 'json', json }, own, PIECE_BYTES_MAX));
        },
      })),
  };
};

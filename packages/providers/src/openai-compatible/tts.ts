import type { CreateVoice } from '../vendor.js';
import { speakPieces } from '../wire/spoken-pieces.js';
import { PIECE_BYTES_MAX, soundOf } from './answer-sound.js';
import { serverOf } from './server.js';

/** Speech by `POST /audio/speech`, one request per piece. Knows no word times. */
export const createVoice: CreateVoice<'openai-compatible'> = (parts, { model, baseUrl }) => {
  const server = serverOf(parts, baseUrl);
  return {
    provider: 'openai-compatible',
    speak: (pieces, { voice, speed }, signal) =>
      speakPieces(pieces, signal, () => ({
        async request(input, own) {
          const json = JSON.stringify({ model, input, voice, speed, response_format: 'pcm' });
          return soundOf(await server.post('/audio/speech', { type: 'json', json }, own, PIECE_BYTES_MAX));
        },
      })),
  };
};

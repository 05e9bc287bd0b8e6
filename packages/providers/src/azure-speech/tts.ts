import { RATE_HZ } from '@rapida/core';
import type { CreateVoice } from '../vendor.js';
import { pcmSound } from '../wire/pcm-sound.js';
import { speakPieces } from '../wire/spoken-pieces.js';
import { protocolError } from '../wire/vendor-errors.js';
import { voiceServerOf } from './server.js';
import { ssmlOf } from './ssml.js';

/** Sound of one piece: ten minutes, which is what Azure says at most. */
const PIECE_BYTES_MAX = 20 * 1_024 * 1_024;

/**
 * Speech by `POST /cognitiveservices/v1`, one request per piece; its answer streams:
 * https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech (as of 2025). Knows no word times: only the SDK's WebSocket has them.
 */
export const createVoice: CreateVoice<'azure-speech'> = (parts) => {
  const server = voiceServerOf(parts);
  return {
    provider: 'azure-speech',
    speak: (pieces, { voice, speed, language }, signal) =>
      speakPieces(pieces, signal, () => ({
        async request(text, own) {
          const ssml = ssmlOf({ text, voice, language, speed });
          const body = { type: 'text', text: ssml, mediaType: 'application/ssml+xml' } as const;
          return soundOf(await server.post('/cognitiveservices/v1', body, own, PIECE_BYTES_MAX));
        },
      })),
  };
};

async function* soundOf(response: Response) {
  const type = response.headers.get('content-type') ?? '';
  if (/^(application\/(json|xml)|text\/)/i.test(type)) {
    await response.body?.cancel();
    throw protocolError(`Azure sent ${type.slice(0, 60)} where sound was asked for`);
  }
  yield* pcmSound(response.body ?? [], RATE_HZ);
}

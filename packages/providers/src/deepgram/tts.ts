import { RATE_HZ } from '@rapida/core';
import type { CreateVoice } from '../vendor.js';
import { pcmSound } from '../wire/pcm-sound.js';
import { reachOf } from '../wire/reach.js';
import { speakPieces } from '../wire/spoken-pieces.js';
import { protocolError } from '../wire/vendor-errors.js';
import { createVendorHttp, VENDOR_TIMEOUTS } from '../wire/vendor-http.js';
import { DEEPGRAM_BASE_URL } from './server.js';

/** Sound of one piece: five minutes. */
const PIECE_BYTES_MAX = 10 * 1_024 * 1_024;

/**
 * Deepgram's Aura by `POST /v1/speak`, one request per piece; its answer streams. https://developers.deepgram.com/reference/text-to-speech
 * and /docs/tts-voice-controls (2026-05-04). Not by its WebSocket: that flushes 20 times in a minute at most, and every piece would be a
 * flush. Knows no word times.
 */
export const createVoice: CreateVoice<'deepgram'> = (parts, { baseUrl: wanted }) => {
  const { clock, logger, credential, timeouts } = parts;
  const { baseUrl, apiKey } = reachOf(credential, DEEPGRAM_BASE_URL, wanted);
  const server = createVendorHttp({
    ...{ clock, logger, baseUrl, apiKey },
    authorise(headers) {
      if (apiKey !== undefined) headers.set('authorization', `Token ${apiKey.reveal()}`);
    },
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
  return {
    provider: 'deepgram',
    speak: (pieces, { voice, speed }, signal) =>
      speakPieces(pieces, signal, () => ({
        async request(text, own) {
          const query = new URLSearchParams({
            ...{ model: voice, encoding: 'linear16', sample_rate: String(RATE_HZ), container: 'none' },
            // Voices that do not know it refuse it.
            ...(speed !== 1 && { speed: String(speed) }),
          });
          const json = JSON.stringify({ text });
          const answer = await server.post(`/speak?${query}`, { type: 'json', json }, own, PIECE_BYTES_MAX);
          return soundOf(answer);
        },
      })),
  };
};

async function* soundOf(response: Response) {
  const type = response.headers.get('content-type') ?? '';
  if (/^(application\/json|text\/)/i.test(type)) {
    await response.body?.cancel();
    throw protocolError(`The provider sent ${type.slice(0, 60)} where sound was asked for`);
  }
  yield* pcmSound(response.body ?? [], RATE_HZ);
}

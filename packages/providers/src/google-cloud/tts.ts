import { decodeWav, RESAMPLER_RATES_HZ, WavError } from '@rapida/audio';
import { RATE_HZ, type VoiceOptions } from '@rapida/core';
import type { CreateVoice } from '../vendor.js';
import { wholeSound } from '../wire/pcm-sound.js';
import { type PieceSound, speakPieces } from '../wire/spoken-pieces.js';
import { protocolError } from '../wire/vendor-errors.js';
import { serverOf, VOICE_SERVICE } from './server.js';
import { ServiceAccount } from './service-account.js';

/** Sound of one piece: five minutes, in base64. */
const PIECE_BYTES_MAX = 14 * 1_024 * 1_024;

/**
 * Speech by Cloud Text-to-Speech, `POST /v1/text:synthesize`, one request per piece: https://cloud.google.com/text-to-speech/docs/reference/rest/v1/text/synthesize
 * (as of 2025). The sound comes as a whole, as a WAV file inside JSON. Knows no word times.
 */
export const createVoice: CreateVoice<'google-cloud'> = (parts) => {
  const account = new ServiceAccount(parts.credential.serviceAccount, parts.clock);
  const server = serverOf(parts, account, VOICE_SERVICE);
  return {
    provider: 'google-cloud',
    speak: (pieces, voice, signal) =>
      speakPieces(pieces, signal, () => ({
        async request(text, own) {
          const json = JSON.stringify(orderOf(text, voice));
          const answer = await server.post('/v1/text:synthesize', { type: 'json', json }, own, PIECE_BYTES_MAX);
          const sound = soundIn(await answer.text());
          return piecesOf(sound);
        },
      })),
  };
};

function orderOf(text: string, { voice, speed, language }: VoiceOptions): object {
  return {
    input: { text },
    voice: { name: voice, languageCode: languageOf(voice) ?? language },
    audioConfig: {
      ...{ audioEncoding: 'LINEAR16', sampleRateHertz: RATE_HZ },
      // Voices that do not know it refuse it.
      ...(speed !== 1 && { speakingRate: speed }),
    },
  };
}

/** Google refuses a voice with another language than the one at the beginning of its name. */
function languageOf(voice: string): string | undefined {
  return /^[a-z]{2,3}-[A-Z]{2}(?=-)/.exec(voice)?.[0];
}

async function* piecesOf(samples: Int16Array): AsyncGenerator<PieceSound> {
  if (samples.length > 0) yield { type: 'audio', samples };
}

function soundIn(answer: string): Int16Array {
  const { rateHz, channels } = wavIn(audioContentIn(answer));
  const [mono] = channels;
  if (mono === undefined || !RESAMPLER_RATES_HZ.includes(rateHz)) throw protocolError(`A WAV file of ${rateHz} Hz`);
  return wholeSound(mono, rateHz);
}

function audioContentIn(answer: string): Uint8Array {
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer);
  } catch (error) {
    throw protocolError('The speech is not JSON', error);
  }
  const content = (parsed as { audioContent?: unknown } | null)?.audioContent;
  if (typeof content !== 'string') throw protocolError('The answer has no audioContent');
  return Buffer.from(content, 'base64');
}

function wavIn(bytes: Uint8Array) {
  try {
    return decodeWav(bytes, { bytesMax: PIECE_BYTES_MAX });
  } catch (error) {
    if (error instanceof WavError) throw protocolError(`Google sent a WAV file that is ${error.code}`, error);
    throw error;
  }
}

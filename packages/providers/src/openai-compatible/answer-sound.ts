import { decodeWav, RESAMPLER_RATES_HZ, WavError } from '@rapida/audio';
import { pcmSound, wholeSound } from '../wire/pcm-sound.js';
import type { PieceSound } from '../wire/spoken-pieces.js';
import { protocolError } from '../wire/vendor-errors.js';

/** What `response_format: pcm` is: 24 kHz, signed 16 bit, little-endian, mono, no header. */
export const PCM_RATE_HZ = 24_000;
/** Sound of one piece: seven minutes of PCM. */
export const PIECE_BYTES_MAX = 20 * 1_024 * 1_024;

/** The sound in an answer of OpenAI's `/audio/speech`, of OpenAI itself or of a server like it. */
export async function* soundOf(response: Response): AsyncGenerator<PieceSound, void, undefined> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (/^audio\/(wav|x-wav|wave|vnd\.wave)$/.test(type)) {
    yield { type: 'audio', samples: soundOfWav(new Uint8Array(await response.arrayBuffer())) };
    return;
  }
  if (!/^(|application\/octet-stream|audio\/(x-)?(pcm|l16))$/.test(type)) {
    await response.body?.cancel();
    throw protocolError(`The provider sent ${type.slice(0, 60)} where PCM was asked for`);
  }
  yield* pcmSound(response.body ?? [], PCM_RATE_HZ);
}

function soundOfWav(bytes: Uint8Array): Int16Array {
  const { rateHz, channels } = decoded(bytes);
  const [mono] = channels;
  if (mono === undefined || !RESAMPLER_RATES_HZ.includes(rateHz)) throw protocolError(`A WAV file of ${rateHz} Hz`);
  return wholeSound(mono, rateHz);
}

function decoded(bytes: Uint8Array) {
  try {
    return decodeWav(bytes, { bytesMax: PIECE_BYTES_MAX });
  } catch (error) {
    if (error instanceof WavError) throw protocolError(`The provider sent a WAV file that is ${error.code}`, error);
    throw error;
  }
}

import { bytesToPcm16, decodeWav, RESAMPLER_RATES_HZ, Resampler, silence, WavError } from '@rapida/audio';
import { linkedAbort, RATE_HZ, type SpeechEvent, type VoiceOptions } from '@rapida/core';
import type { CreateVoice } from '../vendor.js';
import { protocolError } from '../wire/vendor-errors.js';
import type { VendorHttp } from '../wire/vendor-http.js';
import { serverOf } from './server.js';

/** What `response_format: pcm` is: 24 kHz, signed 16 bit, little-endian, mono, no header. */
export const PCM_RATE_HZ = 24_000;
/** Sound of one piece: seven minutes of PCM. */
export const PIECE_BYTES_MAX = 20 * 1_024 * 1_024;

/**
 * Speech by `POST /audio/speech`, one request per piece. While a piece is read the next one's request is made, one ahead
 * at most. A piece without letters or digits is not sent: it has only its `piece-end`. Knows no word times.
 */
export const createVoice: CreateVoice<'openai-compatible'> = (parts, { model, baseUrl }) => {
  const server = serverOf(parts, baseUrl);
  return {
    provider: 'openai-compatible',
    speak: (pieces, voice, signal) => speak({ server, model, voice }, pieces, signal),
  };
};

interface Speaker {
  readonly server: VendorHttp;
  readonly model: string;
  readonly voice: VoiceOptions;
}

async function* speak(
  speaker: Speaker,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechEvent, void, undefined> {
  if (signal.aborted) return;
  const { controller, unlink } = linkedAbort(signal);
  const source = new PieceSource(pieces);
  let onAbort = () => {};
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
  });
  controller.signal.addEventListener('abort', onAbort, { once: true });
  try {
    let ahead = requestNext(speaker, source, controller.signal);
    for (let piece = 0; ; piece++) {
      const response = await Promise.race([ahead, aborted]);
      if (response === 'aborted' || response === 'end') return;
      ahead = requestNext(speaker, source, controller.signal);
      if (response !== 'silent') {
        for await (const samples of soundOf(response)) yield { type: 'audio', piece, samples };
      }
      yield { type: 'piece-end', piece };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unlink();
    controller.abort(new DOMException('over', 'AbortError'));
    source.letGo();
  }
}

function requestNext(speaker: Speaker, source: PieceSource, signal: AbortSignal): Promise<Response | 'silent' | 'end'> {
  const request = (async () => {
    const text = await source.next();
    if (text === undefined) return 'end';
    if (signal.aborted || !/[\p{L}\p{N}]/u.test(text)) return 'silent';
    return await requestSpeech(speaker, text, signal);
  })();
  // It is awaited after the piece before it; when that one fails, nobody asks for this one.
  request.catch(() => {});
  return request;
}

function requestSpeech({ server, model, voice }: Speaker, input: string, signal: AbortSignal): Promise<Response> {
  const json = JSON.stringify({ model, input, voice: voice.voice, speed: voice.speed, response_format: 'pcm' });
  return server.post('/audio/speech', { type: 'json', json }, signal, PIECE_BYTES_MAX);
}

/** 16 kHz, as it arrives. The arrays are fresh. */
async function* soundOf(response: Response): AsyncGenerator<Int16Array, void, undefined> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (/^audio\/(wav|x-wav|wave|vnd\.wave)$/.test(type)) {
    yield soundOfWav(new Uint8Array(await response.arrayBuffer()));
    return;
  }
  if (!/^(|application\/octet-stream|audio\/(x-)?(pcm|l16))$/.test(type)) {
    await response.body?.cancel();
    throw protocolError(`The provider sent ${type.slice(0, 60)} where PCM was asked for`);
  }
  const resampler = new Resampler({ fromHz: PCM_RATE_HZ, toHz: RATE_HZ });
  let odd = new Uint8Array(0);
  for await (const chunk of response.body ?? []) {
    // A sample's two bytes may come in two chunks.
    const bytes = odd.length === 0 ? chunk : Buffer.concat([odd, chunk]);
    odd = Uint8Array.from(bytes.subarray(bytes.length & ~1));
    const samples = resampler.process(bytesToPcm16(bytes));
    if (samples.length > 0) yield samples;
  }
  const tail = runOut(resampler, PCM_RATE_HZ);
  if (tail.length > 0) yield tail;
}

function soundOfWav(bytes: Uint8Array): Int16Array {
  const { rateHz, channels } = decoded(bytes);
  const [mono] = channels;
  if (mono === undefined || !RESAMPLER_RATES_HZ.includes(rateHz)) throw protocolError(`A WAV file of ${rateHz} Hz`);
  const resampler = new Resampler({ fromHz: rateHz, toHz: RATE_HZ });
  const body = resampler.process(mono);
  const tail = runOut(resampler, rateHz);
  const whole = new Int16Array(body.length + tail.length);
  whole.set(body);
  whole.set(tail, body.length);
  return whole;
}

function decoded(bytes: Uint8Array) {
  try {
    return decodeWav(bytes, { bytesMax: PIECE_BYTES_MAX });
  } catch (error) {
    if (error instanceof WavError) throw protocolError(`The provider sent a WAV file that is ${error.code}`, error);
    throw error;
  }
}

/** What the filter still holds of the sound. */
function runOut(resampler: Resampler, fromHz: number): Int16Array {
  return resampler.process(silence(Math.ceil((resampler.delaySamples * fromHz) / RATE_HZ)));
}

/** The text to say, let go of at most once, and never after its end. */
class PieceSource {
  readonly #iterator: AsyncIterator<string>;
  #isOver = false;

  constructor(pieces: AsyncIterable<string>) {
    this.#iterator = pieces[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async next(): Promise<string | undefined> {
    if (this.#isOver) return undefined;
    try {
      const result = await this.#iterator.next();
      if (!result.done) return result.value;
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
    this.#isOver = true;
    return undefined;
  }

  /** Not awaited: text that waits for something itself returns when it can. */
  letGo(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#iterator.return?.().then(undefined, () => {});
  }
}

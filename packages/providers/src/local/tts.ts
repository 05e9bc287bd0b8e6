import { RATE_HZ, RapidaError, type SpeechEvent, type TextToSpeech, type VoiceOptions } from '@rapida/core';
import { FLITE_VOICES, type Utterance } from './flite.js';
import { SpeechCache } from './speech-cache.js';
import { VoiceThreads } from './voice-threads.js';

export interface LocalTextToSpeechOptions {
  /** Threads. Default 1: it speaks some 25 times faster than a caller listens. */
  readonly workers?: number;
  /** Sentences spoken before are kept up to this size. Default 16 MB, eight minutes of speech. */
  readonly cacheBytesMax?: number;
  readonly onDeath?: (error: RapidaError) => void;
}

const CACHE_BYTES_MAX = 16 * 1024 * 1024;
const CHUNK_SAMPLES = RATE_HZ / 5;

/** English voices `slt`, `rms` and `awb`. The thread starts with the first sentence and ends with `close`. */
export class LocalTextToSpeech implements TextToSpeech {
  readonly provider = 'local';
  readonly #cache: SpeechCache;
  readonly #threads: VoiceThreads;

  constructor(options: LocalTextToSpeechOptions = {}) {
    this.#cache = new SpeechCache(options.cacheBytesMax ?? CACHE_BYTES_MAX);
    this.#threads = new VoiceThreads(options.workers ?? 1, (error) => options.onDeath?.(error));
  }

  /** `provider_rejected` for an unknown voice; `provider_unavailable` when the thread died or too many wait for it. */
  async *speak(pieces: AsyncIterable<string>, voice: VoiceOptions, signal: AbortSignal): AsyncGenerator<SpeechEvent> {
    if (!FLITE_VOICES.includes(voice.voice)) {
      throw new RapidaError('provider_rejected', `The local voices are ${FLITE_VOICES.join(', ')}.`);
    }
    const texts = pieces[Symbol.asyncIterator]();
    let textEnded = false;
    try {
      for (let piece = 0; !signal.aborted; piece++) {
        const next = await unlessAborted(texts.next(), signal);
        if (next === undefined || next.done === true) {
          textEnded = next !== undefined;
          return;
        }
        const speech = await this.#speech({ text: next.value.trim(), voice: voice.voice, speed: voice.speed }, signal);
        for (let at = 0; speech !== undefined && at < speech.length && !signal.aborted; at += CHUNK_SAMPLES) {
          yield { type: 'audio', piece, samples: speech.slice(at, at + CHUNK_SAMPLES) };
        }
        if (!signal.aborted) yield { type: 'piece-end', piece };
      }
    } finally {
      // Not awaited: a text that never comes would never return either.
      if (!textEnded) void texts.return?.().catch(() => {});
    }
  }

  /** Ends the threads as a crash of the engine would. */
  killThreads(): Promise<void> {
    return this.#threads.killThreads();
  }

  /** Idempotent. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  /** Shared with the cache: not to be written to. Undefined when it was aborted. */
  async #speech(utterance: Utterance, signal: AbortSignal): Promise<Int16Array | undefined> {
    const key = `${utterance.voice} ${utterance.speed} ${utterance.text}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const keep = (samples: Int16Array) => this.#cache.set(key, samples);
    try {
      const samples = await this.#threads.synthesise(utterance, signal, keep);
      keep(samples);
      return samples;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}

/** Undefined as soon as `signal` aborts; a failure afterwards is nobody's. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(undefined);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

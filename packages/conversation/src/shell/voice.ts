import type { Clock, Playout, SpeechEvent, SpokenWord, TextToSpeech, VoiceOptions } from '@rapida/core';
import { FRAME_MS, isAbort, RATE_HZ, RapidaError, sleep } from '@rapida/core';
import type { RenderedGreeting } from '../greeting.js';
import { TextQueue } from './text-queue.js';

export interface VoiceListener {
  sound(utterance: number, soundMs: number, synthesised: boolean): void;
  words(utterance: number, words: readonly SpokenWord[]): void;
  failed(reply: number, error: RapidaError): void;
}

export interface VoiceDependencies {
  readonly clock: Clock;
  /** Both bound their own silences. */
  readonly main: TextToSpeech;
  readonly spare: TextToSpeech | undefined;
  readonly options: VoiceOptions;
  readonly spareOptions: VoiceOptions;
  readonly playout: Playout;
  readonly listener: VoiceListener;
}

/** Sound is pulled from the provider no further ahead than this, so a long answer neither fills memory nor costs if cut. */
export const AHEAD_MS_MAX = 10_000;
const AHEAD_LOOK_MS = 200;

/** Speaks pieces of text through a provider and the playout. One request at a time: a reply's, or none. */
export interface Voice {
  speak(reply: number, utterance: number, text: string, which: 'main' | 'spare'): void;
  endOfPieces(reply: number): void;
  play(utterance: number, greeting: RenderedGreeting): void;
  /** Silence, but the request goes on. */
  hold(): void;
  /** Stops the request; what it had begun to say ends with what exists of it. The playout keeps what was not heard. */
  pause(): void;
  resume(): void;
  /** Stops the request and drops everything not heard. */
  cut(): void;
  /** Idempotent. */
  close(): void;
}

interface Request {
  readonly reply: number;
  readonly texts: TextQueue;
  readonly utterances: number[];
  readonly abort: AbortController;
  /** The utterance that has sound in the playout but not all of it. */
  open: { readonly utterance: number; samples: number } | undefined;
}

export function createVoice(dependencies: VoiceDependencies): Voice {
  return new RequestingVoice(dependencies);
}

class RequestingVoice implements Voice {
  readonly #deps: VoiceDependencies;
  #request: Request | undefined;

  constructor(deps: VoiceDependencies) {
    this.#deps = deps;
  }

  speak(reply: number, utterance: number, text: string, which: 'main' | 'spare'): void {
    if (this.#request?.reply !== reply) this.#stopRequest();
    this.#request ??= this.#start(reply, which);
    this.#request.utterances.push(utterance);
    this.#request.texts.push(text);
  }

  endOfPieces(reply: number): void {
    if (this.#request?.reply === reply) this.#request.texts.end();
  }

  play(utterance: number, greeting: RenderedGreeting): void {
    const { playout, listener } = this.#deps;
    listener.sound(utterance, soundMs(greeting.samples.length), true);
    playout.begin(utterance);
    playout.write(utterance, greeting.samples);
    playout.end(utterance);
  }

  hold(): void {
    this.#deps.playout.pause();
  }

  pause(): void {
    this.#deps.playout.pause();
    this.#stopRequest();
  }

  resume(): void {
    this.#deps.playout.resume();
  }

  cut(): void {
    this.#stopRequest();
    this.#deps.playout.cut();
    this.#deps.playout.resume();
  }

  close(): void {
    this.#stopRequest();
    this.#deps.playout.close();
  }

  #start(reply: number, which: 'main' | 'spare'): Request {
    const request: Request = {
      reply,
      texts: new TextQueue(),
      utterances: [],
      abort: new AbortController(),
      open: undefined,
    };
    void this.#run(request, which);
    return request;
  }

  async #run(request: Request, which: 'main' | 'spare'): Promise<void> {
    const { clock, main, spare, options, spareOptions } = this.#deps;
    const { signal } = request.abort;
    try {
      const spoken =
        which === 'spare' && spare !== undefined
          ? spare.speak(request.texts, spareOptions, signal)
          : main.speak(request.texts, options, signal);
      for await (const event of spoken) {
        if (this.#request !== request) return;
        this.#onSpeech(request, event);
        while (this.#deps.playout.queuedMs > AHEAD_MS_MAX && !signal.aborted) await sleep(clock, AHEAD_LOOK_MS, signal);
      }
      if (this.#request !== request) return;
      if (request.utterances.length > 0) throw new RapidaError('provider_protocol', 'the voice ended before its text');
      this.#request = undefined;
    } catch (error) {
      if (!isAbort(error, signal)) this.#fail(request, RapidaError.from(error));
    }
  }

  #fail(request: Request, error: RapidaError): void {
    if (this.#request !== request) return;
    this.#stopRequest();
    this.#deps.listener.failed(request.reply, error);
  }

  #onSpeech(request: Request, event: SpeechEvent): void {
    const { playout, listener } = this.#deps;
    const utterance = request.utterances[0];
    if (utterance === undefined) return;
    if (event.type === 'words') return listener.words(utterance, event.words);
    if (event.type === 'audio') {
      if (event.samples.length === 0) return;
      const begins = request.open === undefined;
      if (request.open === undefined) {
        playout.begin(utterance);
        request.open = { utterance, samples: 0 };
      }
      if (playout.write(utterance, event.samples)) request.open.samples += event.samples.length;
      if (begins) listener.sound(utterance, Math.max(FRAME_MS, soundMs(request.open.samples)), false);
      return;
    }
    request.utterances.shift();
    const samples = request.open?.samples ?? 0;
    request.open = undefined;
    // Told before the playout hears of it: it may finish the utterance at once.
    listener.sound(utterance, soundMs(samples), true);
    if (samples > 0) playout.end(utterance);
  }

  #stopRequest(): void {
    const request = this.#request;
    if (request === undefined) return;
    this.#request = undefined;
    request.texts.end();
    if (request.open !== undefined) {
      this.#deps.listener.sound(request.open.utterance, soundMs(request.open.samples), false);
      this.#deps.playout.end(request.open.utterance);
    }
    request.abort.abort();
  }
}

function soundMs(samples: number): number {
  return (samples / RATE_HZ) * 1000;
}

import {
  type ErrorCode,
  type LanguageModel,
  RapidaError,
  type SpeechToText,
  type SpeechToTextStream,
  type TextToSpeech,
} from '@rapida/core';

/** Passed once per event of a provider. It may throw, or hang until the signal aborts. */
export interface Gate {
  pass(signal: AbortSignal): Promise<void>;
}

/** From the n-th event on (from 1) nothing works any more: everything fails at once, or nothing ever comes. */
export class Outage implements Gate {
  passed = 0;
  readonly #nth: number;
  readonly #how: 'throw' | 'hang';
  readonly #code: ErrorCode;

  constructor(nth: number, how: 'throw' | 'hang' = 'throw', code: ErrorCode = 'provider_unavailable') {
    this.#nth = nth;
    this.#how = how;
    this.#code = code;
  }

  async pass(signal: AbortSignal): Promise<void> {
    if (++this.passed < this.#nth) return;
    if (this.#how === 'throw') throw new RapidaError(this.#code, 'scripted outage');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** Open until it is armed: what is made ready before the call is not counted. */
export class ArmedGate implements Gate {
  readonly #inner: Gate;
  #armed = false;

  constructor(inner: Gate) {
    this.#inner = inner;
  }

  arm(): void {
    this.#armed = true;
  }

  async pass(signal: AbortSignal): Promise<void> {
    if (this.#armed) await this.#inner.pass(signal);
  }
}

async function* through<T>(events: AsyncIterable<T>, gate: Gate, signal: AbortSignal): AsyncGenerator<T> {
  for await (const event of events) {
    await gate.pass(signal);
    yield event;
  }
}

/** The same engines, each of whose events passes the gate. */
export function gatedRecogniser(inner: SpeechToText, gate: Gate): SpeechToText {
  return {
    provider: inner.provider,
    open(options, signal): SpeechToTextStream {
      const stream = inner.open(options, signal);
      const events = through(stream, gate, signal);
      return {
        write: (frame) => stream.write(frame),
        endSegment: () => stream.endSegment(),
        dropSegment: () => stream.dropSegment(),
        expect: (hints) => stream.expect(hints),
        close: () => stream.close(),
        [Symbol.asyncIterator]: () => events,
      };
    },
  };
}

export function gatedModel(inner: LanguageModel, gate: Gate): LanguageModel {
  return {
    provider: inner.provider,
    generate: (request, signal) => through(inner.generate(request, signal), gate, signal),
  };
}

export function gatedVoice(inner: TextToSpeech, gate: Gate): TextToSpeech {
  return {
    provider: inner.provider,
    speak: (pieces, voice, signal) => through(inner.speak(pieces, voice, signal), gate, signal),
  };
}

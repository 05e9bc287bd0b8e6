import {
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

  constructor(nth: number, how: 'throw' | 'hang' = 'throw') {
    this.#nth = nth;
    this.#how = how;
  }

  async pass(signal: AbortSignal): Promise<void> {
    if (++this.passed < this.#nth) return;
    if (this.#how === 'throw') throw new RapidaError('provider_unavailable', 'scripted outage');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
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

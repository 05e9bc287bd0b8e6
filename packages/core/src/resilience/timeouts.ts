import type { Clock, Timer } from '../clock.js';
import { RapidaError } from '../errors.js';
import type { LanguageModel } from '../language-model.js';
import type { SpeechEvent, TextToSpeech } from '../text-to-speech.js';
import { linkedAbort } from './linked-abort.js';

export interface TimeoutOptions {
  readonly clock: Clock;
  /** A provider that owes an event and gives none for this long has failed. */
  readonly providerMs: number;
  /** The same for a voice in the middle of a piece, where it is less: nothing else can be said then. */
  readonly soundGapMs?: number;
}

/** `inner`, failing with `provider_timeout` when the next event takes longer than `providerMs`. */
export function timedLanguageModel(inner: LanguageModel, options: TimeoutOptions): LanguageModel {
  const expectations = inner.expectations?.bind(inner);
  return {
    provider: inner.provider,
    generate: (request, signal) => withEventTimeout(options, signal, (own) => inner.generate(request, own)),
    ...(expectations !== undefined && { expectations }),
  };
}

/**
 * `inner`, failing with `provider_timeout` when it owes sound and gives no event for `providerMs`. It owes nothing while
 * it waits for text, and nobody counts while the reader does not ask.
 */
export function timedTextToSpeech(inner: TextToSpeech, options: TimeoutOptions): TextToSpeech {
  return {
    provider: inner.provider,
    async *speak(pieces, voice, signal) {
      const { providerMs, soundGapMs = providerMs } = options;
      const patience = new Patience(options, 0);
      const own = linkedAbort(signal);
      const counted = tappedPieces(pieces, () => patience.owe());
      try {
        for await (const event of guarded(
          inner.speak(counted, voice, own.controller.signal),
          patience,
          own.controller,
        )) {
          if (event.type === 'piece-end') patience.settle();
          patience.limitMs = event.type === 'piece-end' ? providerMs : Math.min(providerMs, soundGapMs);
          yield event satisfies SpeechEvent;
        }
      } finally {
        own.unlink();
      }
    },
  };
}

/**
 * What `start` gives. When no event comes within `providerMs` of being asked for, the inner iteration is aborted and let
 * go, and a `provider_timeout` is thrown. Starts nothing before the first `next()`. Aborting `signal` ends it at once,
 * even when the inner iteration does not listen.
 */
export async function* withEventTimeout<T>(
  options: TimeoutOptions,
  signal: AbortSignal,
  start: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const own = linkedAbort(signal);
  try {
    yield* guarded(start(own.controller.signal), new Patience(options, 1), own.controller);
  } finally {
    own.unlink();
  }
}

async function* guarded<T>(
  inner: AsyncIterable<T>,
  patience: Patience,
  controller: AbortController,
): AsyncGenerator<T, void, undefined> {
  const iterator = inner[Symbol.asyncIterator]();
  let isOver = false;
  try {
    while (!controller.signal.aborted) {
      const result = await patience.wait(iterator, controller.signal);
      if (result === undefined) return;
      if (result.done) {
        isOver = true;
        return;
      }
      yield result.value;
    }
  } finally {
    if (!isOver) {
      controller.abort(new DOMException('let go', 'AbortError'));
      // Not awaited: a generator that is stuck in an await only returns when that settles, which may be never.
      iterator.return?.().then(undefined, () => {});
    }
  }
}

/** Counts the time while somebody waits for an event and at least one is owed. */
class Patience {
  readonly #clock: Clock;
  #owed: number;
  #expire: (() => void) | undefined;
  #timer: Timer | undefined;

  limitMs: number;

  constructor({ clock, providerMs }: TimeoutOptions, owed: number) {
    this.#clock = clock;
    this.limitMs = providerMs;
    this.#owed = owed;
  }

  owe(): void {
    this.#owed++;
    this.#start();
  }

  settle(): void {
    this.#owed--;
  }

  /** The next result, or undefined once `signal` is aborted; rejects when patience ends. */
  async wait<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T> | undefined> {
    let giveUp = () => {};
    try {
      return await new Promise((resolve, reject) => {
        giveUp = () => resolve(undefined);
        signal.addEventListener('abort', giveUp, { once: true });
        this.#expire = () => reject(new RapidaError('provider_timeout'));
        this.#start();
        iterator.next().then(resolve, reject);
      });
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#expire = undefined;
      this.#timer?.cancel();
      this.#timer = undefined;
    }
  }

  #start(): void {
    if (this.#owed <= 0 || this.#expire === undefined || this.#timer !== undefined) return;
    this.#timer = this.#clock.setTimer(this.limitMs, this.#expire);
  }
}

function tappedPieces(pieces: AsyncIterable<string>, onPiece: () => void): AsyncIterable<string> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = pieces[Symbol.asyncIterator]();
      return {
        async next() {
          const result = await iterator.next();
          if (!result.done) onPiece();
          return result;
        },
        async return() {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

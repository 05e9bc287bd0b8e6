import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { RapidaError } from '../errors.js';
import type { LanguageModel, LanguageModelRequest } from '../language-model.js';
import { settle, VirtualClock } from '../testing/index.js';
import type { SpeechEvent, TextToSpeech } from '../text-to-speech.js';
import { timedLanguageModel, timedTextToSpeech, withEventTimeout } from './timeouts.js';

const PROVIDER_MS = 1_000;

/** Yields 0, 1, 2, ..., each `gapMs` after it was asked for; before number `stuckAt` it waits for ever. */
function numbers(clock: VirtualClock, options: { gapMs: number; count: number; stuckAt?: number }) {
  const seen = { aborted: false, returns: 0, starts: 0 };
  const start = (signal: AbortSignal): AsyncIterable<number> => ({
    [Symbol.asyncIterator]: () => {
      seen.starts++;
      signal.addEventListener('abort', () => {
        seen.aborted = true;
      });
      let next = 0;
      return {
        next: () => {
          const value = next++;
          if (value === options.stuckAt) return new Promise(() => {});
          const result = value < options.count ? { done: false, value } : { done: true, value: undefined };
          return new Promise((resolve) => clock.setTimer(options.gapMs, () => resolve(result as never)));
        },
        return: () => {
          seen.returns++;
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  });
  return { seen, start };
}

function read<T>(events: AsyncIterable<T>) {
  const values: T[] = [];
  const over = (async () => {
    for await (const value of events) values.push(value);
    return 'end' as const;
  })().catch((error: unknown) => error);
  return { values, over };
}

describe('an iteration with a timeout', () => {
  it('is passed through as long as every event comes in time', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const { start, seen } = numbers(clock, { gapMs: PROVIDER_MS - 1, count: 5 });
    const { values, over } = read(withEventTimeout({ clock, providerMs: PROVIDER_MS }, signal, start));
    await clock.advance(10 * PROVIDER_MS);
    expect(await over).toBe('end');
    expect(values).toEqual([0, 1, 2, 3, 4]);
    expect(seen).toEqual({ aborted: false, returns: 0, starts: 1 });
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4])(
    'fails exactly in time when event %i does not come, and lets go of the inner one',
    async (stuckAt) => {
      const clock = new VirtualClock();
      const { signal } = new AbortController();
      const { start, seen } = numbers(clock, { gapMs: 10, count: 5, stuckAt });
      const { values, over } = read(withEventTimeout({ clock, providerMs: PROVIDER_MS }, signal, start));
      let isOver = false;
      void over.then(() => {
        isOver = true;
      });
      await clock.advance(10 * stuckAt + PROVIDER_MS - 1);
      expect(isOver).toBe(false);
      await clock.advance(1);
      expect(await over).toMatchObject({ code: 'provider_timeout' });
      expect(values.length).toBe(stuckAt);
      expect(seen).toEqual({ aborted: true, returns: 1, starts: 1 });
      expect(clock.pendingTimers).toBe(0);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    },
  );

  it('starts nothing before the first next', async () => {
    const { start, seen } = numbers(new VirtualClock(), { gapMs: 0, count: 1 });
    withEventTimeout({ clock: new VirtualClock(), providerMs: PROVIDER_MS }, new AbortController().signal, start);
    await settle();
    expect(seen.starts).toBe(0);
  });

  it('does not count the time in which nobody asks', async () => {
    const clock = new VirtualClock();
    const { start } = numbers(clock, { gapMs: 0, count: 2 });
    const events = withEventTimeout({ clock, providerMs: PROVIDER_MS }, new AbortController().signal, start);
    const first = events.next();
    await clock.advance(0);
    expect((await first).value).toBe(0);
    await clock.advance(10 * PROVIDER_MS);
    const second = events.next();
    await clock.advance(0);
    expect((await second).value).toBe(1);
  });

  it('ends at once when the signal is aborted, though the inner one does not listen', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const { start, seen } = numbers(clock, { gapMs: 0, count: 1, stuckAt: 0 });
    const { over } = read(withEventTimeout({ clock, providerMs: PROVIDER_MS }, abort.signal, start));
    await settle();
    abort.abort();
    expect(await over).toBe('end');
    expect(seen.returns).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets go of the inner one when the reader stops', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const { start, seen } = numbers(clock, { gapMs: 0, count: 5 });
    const events = withEventTimeout({ clock, providerMs: PROVIDER_MS }, signal, start);
    const first = events.next();
    await clock.advance(0);
    await first;
    await events.return();
    expect(seen).toEqual({ aborted: true, returns: 1, starts: 1 });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('passes a failure on as it came', async () => {
    const clock = new VirtualClock();
    const failure = new RapidaError('provider_auth');
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw failure;
    }
    const { over } = read(withEventTimeout({ clock, providerMs: PROVIDER_MS }, new AbortController().signal, broken));
    expect(await over).toBe(failure);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a language model with a timeout', () => {
  it('fails when it says nothing, and keeps its name and expectations', async () => {
    const clock = new VirtualClock();
    const inner: LanguageModel = {
      provider: 'silent',
      generate: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
      expectations: () => ({ phrases: ['yes'], kind: 'yes_no' }),
    };
    const timed = timedLanguageModel(inner, { clock, providerMs: PROVIDER_MS });
    const { over } = read(timed.generate({} as LanguageModelRequest, new AbortController().signal));
    await clock.advance(PROVIDER_MS);
    expect(await over).toMatchObject({ code: 'provider_timeout' });
    expect(timed.provider).toBe('silent');
    expect(timed.expectations?.(null)).toEqual({ phrases: ['yes'], kind: 'yes_no' });
  });
});

describe('a voice with a timeout', () => {
  const voice = { voice: 'x', speed: 1, language: 'en' };

  /** Ends every piece at once but the one called `stuck`. */
  const fakeVoice: TextToSpeech = {
    provider: 'fake',
    async *speak(pieces): AsyncGenerator<SpeechEvent> {
      let piece = 0;
      for await (const text of pieces) {
        if (text === 'stuck') await new Promise(() => {});
        yield { type: 'piece-end', piece: piece++ };
      }
    },
  };

  function speak(clock: VirtualClock, text: AsyncIterable<string>) {
    const timed = timedTextToSpeech(fakeVoice, { clock, providerMs: PROVIDER_MS });
    return read(timed.speak(text, voice, new AbortController().signal));
  }

  it('owes nothing while it waits for text', async () => {
    const clock = new VirtualClock();
    async function* slowly() {
      for (const text of ['one', 'two']) {
        await new Promise<void>((resolve) => clock.setTimer(20 * PROVIDER_MS, resolve));
        yield text;
      }
    }
    const { values, over } = speak(clock, slowly());
    await clock.advance(50 * PROVIDER_MS);
    expect(await over).toBe('end');
    expect(values.length).toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails a while after it was given text that it does not speak', async () => {
    const clock = new VirtualClock();
    async function* text() {
      yield 'one';
      await new Promise<void>((resolve) => clock.setTimer(5 * PROVIDER_MS, resolve));
      yield 'stuck';
    }
    const { values, over } = speak(clock, text());
    let isOver = false;
    void over.then(() => {
      isOver = true;
    });
    await clock.advance(6 * PROVIDER_MS - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await over).toMatchObject({ code: 'provider_timeout' });
    expect(values.length).toBe(1);
  });
});

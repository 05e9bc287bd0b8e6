import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { speechToTextConformance } from '../conformance/speech-to-text.js';
import { RapidaError } from '../errors.js';
import { FRAME_SAMPLES } from '../frame.js';
import type { RecognitionHints, SpeechToText, SpeechToTextStream, Transcript } from '../speech-to-text.js';
import { chainOf, VirtualClock } from '../testing/index.js';
import { type ReopenOptions, reopeningSpeechToText, SEGMENTS_OWED_MAX } from './stt-reopen.js';

/**
 * A recogniser that hears the numbers in the frames: the text of a segment is its hint's first phrase and its numbers.
 * It fails before its events number `failsAt` (from 1, counted over all its streams) and counts what it opened.
 */
function fakeRecogniser(
  failsAt: readonly number[],
  code: 'provider_unavailable' | 'provider_auth' = 'provider_unavailable',
) {
  const seen = { opened: 0, closed: 0, events: 0 };
  const open = (): SpeechToTextStream => {
    const finals: Transcript[] = [];
    let hints: RecognitionHints = { phrases: [], kind: 'phrases' };
    let segment: { heard: number[]; phrase: string } | undefined;
    let isClosed = false;
    let wake = () => {};
    seen.opened++;
    const begin = () => ({ heard: [], phrase: hints.phrases[0] ?? '' });
    return {
      write: ({ samples }) => {
        segment ??= begin();
        segment.heard.push(samples[0]!);
      },
      endSegment: () => {
        const { heard, phrase } = segment ?? begin();
        segment = undefined;
        finals.push({ kind: 'final', text: heard.length === 0 ? '' : `${phrase}:${heard.join()}` });
        wake();
      },
      dropSegment: () => {
        segment = undefined;
      },
      expect: (expected) => {
        hints = expected;
      },
      close: () => {
        if (!isClosed) seen.closed++;
        isClosed = true;
        wake();
      },
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          while (!isClosed && finals.length === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          if (isClosed) return { done: true, value: undefined };
          if (failsAt.includes(++seen.events)) throw new RapidaError(code);
          return { done: false, value: finals.shift()! };
        },
      }),
    };
  };
  const stt: SpeechToText = {
    provider: 'fake',
    open: (_, signal) => {
      const stream = open();
      if (signal.aborted) stream.close();
      else signal.addEventListener('abort', () => stream.close(), { once: true });
      return stream;
    },
  };
  return { stt, seen };
}

function reopening(stt: SpeechToText, clock: VirtualClock, options: Partial<ReopenOptions> = {}, signal?: AbortSignal) {
  const outer = reopeningSpeechToText(chainOf('stt', clock, stt), { clock, ...options });
  return outer.open({ language: 'en', lineRateHz: 8_000 }, signal ?? new AbortController().signal);
}

function say(stream: SpeechToTextStream, ...numbers: number[]): void {
  for (const number of numbers) stream.write({ samples: new Int16Array(FRAME_SAMPLES).fill(number), atMs: 0 });
}

/** What the stream gives, read in the background. */
function listen(stream: SpeechToTextStream) {
  const texts: string[] = [];
  const over = (async () => {
    for await (const { text } of stream) texts.push(text);
    return 'end';
  })().catch((error: unknown) => error);
  return { texts, over };
}

describe('a stream that reopens', () => {
  it.each([[1], [2], [3], [4], [1, 2], [2, 3], [1, 3], [2, 4], [1, 2, 3], [3, 5, 6]])(
    'gives every final once and in order when the events %j fail',
    async (...failsAt) => {
      const clock = new VirtualClock();
      const { stt, seen } = fakeRecogniser(failsAt);
      const stream = reopening(stt, clock);
      const { texts, over } = listen(stream);
      stream.expect({ phrases: ['a'], kind: 'phrases' });
      say(stream, 1, 2);
      stream.endSegment();
      await clock.advance(150);
      stream.endSegment();
      stream.expect({ phrases: ['b'], kind: 'phrases' });
      say(stream, 3);
      await clock.advance(150);
      say(stream, 4);
      stream.expect({ phrases: ['c'], kind: 'phrases' });
      stream.endSegment();
      say(stream, 5);
      stream.endSegment();
      await clock.advance(10_000);
      expect(texts).toEqual(['a:1,2', '', 'b:3,4', 'c:5']);
      stream.close();
      expect(await over).toBe('end');
      expect(seen.opened).toBe(failsAt.length + 1);
      expect(seen.closed).toBe(seen.opened);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it('keeps a running segment whole over a reopening, and a dropped one dropped', async () => {
    const clock = new VirtualClock();
    const { stt } = fakeRecogniser([1]);
    const stream = reopening(stt, clock);
    const { texts } = listen(stream);
    stream.endSegment();
    say(stream, 1);
    await clock.advance(50);
    stream.dropSegment();
    say(stream, 2);
    await clock.advance(100);
    say(stream, 3);
    stream.endSegment();
    await clock.advance(100);
    expect(texts).toEqual(['', ':2,3']);
    stream.close();
  });

  it('expects after a reopening what was expected last, also in the middle of a segment', async () => {
    const clock = new VirtualClock();
    const { stt } = fakeRecogniser([1]);
    const stream = reopening(stt, clock);
    const { texts } = listen(stream);
    stream.endSegment();
    stream.expect({ phrases: ['now'], kind: 'phrases' });
    say(stream, 1);
    stream.expect({ phrases: ['then'], kind: 'phrases' });
    await clock.advance(150);
    stream.endSegment();
    say(stream, 2);
    stream.endSegment();
    await clock.advance(100);
    expect(texts).toEqual(['', 'now:1', 'then:2']);
    stream.close();
  });

  it('waits twice as long before each reopening', async () => {
    const clock = new VirtualClock();
    const { stt, seen } = fakeRecogniser([1, 2, 3]);
    const stream = reopening(stt, clock, { backoffMs: 100 });
    listen(stream);
    stream.endSegment();
    const opened: number[] = [];
    for (const waitMs of [99, 1, 199, 1, 399, 1]) {
      await clock.advance(waitMs);
      opened.push(seen.opened);
    }
    expect(opened).toEqual([1, 2, 2, 3, 3, 4]);
    stream.close();
  });

  it('throws the failure after the last reopening, and reports each of them', async () => {
    const clock = new VirtualClock();
    const { stt, seen } = fakeRecogniser([1, 2, 3, 4]);
    const reported: string[] = [];
    const { signal } = new AbortController();
    const stream = reopening(stt, clock, { onReopen: ({ code }) => reported.push(code) }, signal);
    const { over } = listen(stream);
    stream.endSegment();
    await clock.advance(10_000);
    expect(await over).toMatchObject({ code: 'provider_unavailable' });
    expect(reported).toEqual(Array(3).fill('provider_unavailable'));
    expect(seen).toMatchObject({ opened: 4, closed: 4 });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect((await stream[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  it('throws a failure that is not retryable at once', async () => {
    const { stt, seen } = fakeRecogniser([1], 'provider_auth');
    const stream = reopening(stt, new VirtualClock());
    const { over } = listen(stream);
    stream.endSegment();
    expect(await over).toMatchObject({ code: 'provider_auth' });
    expect(seen).toMatchObject({ opened: 1, closed: 1 });
  });

  it('opens nothing any more when it is closed while it waits to reopen', async () => {
    const clock = new VirtualClock();
    const { stt, seen } = fakeRecogniser([1]);
    const stream = reopening(stt, clock);
    const { over } = listen(stream);
    stream.endSegment();
    await clock.advance(50);
    stream.close();
    expect(await over).toBe('end');
    await clock.advance(1_000);
    expect(seen.opened).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a chain of recognisers', () => {
  it('lets the next one hear what the first owes, at once, whatever the failure', async () => {
    const clock = new VirtualClock();
    const first = fakeRecogniser([1], 'provider_auth');
    const second = fakeRecogniser([]);
    const stream = reopeningSpeechToText(chainOf('stt', clock, first.stt, second.stt), { clock }).open(
      { language: 'en', lineRateHz: 8_000 },
      new AbortController().signal,
    );
    const { texts } = listen(stream);
    say(stream, 1, 2);
    stream.endSegment();
    say(stream, 3);
    await clock.advance(0);
    stream.endSegment();
    await clock.advance(0);
    expect(texts).toEqual([':1,2', ':3']);
    expect([first.seen.opened, first.seen.closed, second.seen.opened]).toEqual([1, 1, 1]);
    stream.close();
  });

  it('does not wait longer for a final than its budget, while there is somebody else', async () => {
    const clock = new VirtualClock();
    const silent: SpeechToText = { provider: 'silent', open: () => fakeSilentStream() };
    const second = fakeRecogniser([]);
    const stream = reopeningSpeechToText(chainOf('stt', clock, silent, second.stt), { clock, budgetMs: 1_500 }).open(
      { language: 'en', lineRateHz: 8_000 },
      new AbortController().signal,
    );
    const { texts } = listen(stream);
    say(stream, 7);
    stream.endSegment();
    await clock.advance(1_499);
    expect([second.seen.opened, texts]).toEqual([0, []]);
    await clock.advance(1);
    expect(texts).toEqual([':7']);
    stream.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a recogniser that says nothing', () => {
  /** Not even when it is closed. */
  const deaf: SpeechToText = {
    provider: 'deaf',
    open: () => ({ ...fakeSilentStream(), [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
  };

  it('is followed by the next one though it never ends', async () => {
    const clock = new VirtualClock();
    const second = fakeRecogniser([]);
    const chain = chainOf('stt', clock, deaf, second.stt);
    const stream = reopeningSpeechToText(chain, { clock, budgetMs: 1_500 }).open(
      { language: 'en', lineRateHz: 8_000 },
      new AbortController().signal,
    );
    const { texts, over } = listen(stream);
    say(stream, 7);
    stream.endSegment();
    await clock.advance(1_500);
    expect(texts).toEqual([':7']);
    expect(chain.incidents).toEqual([{ kind: 'stt', provider: 'deaf', code: 'provider_timeout', next: 'fake' }]);
    stream.close();
    expect(await over).toBe('end');
  });

  it('fails, and is told of, when it was the last one and its patience is over', async () => {
    const clock = new VirtualClock();
    const chain = chainOf('stt', clock, deaf);
    const stream = reopeningSpeechToText(chain, { clock, budgetMs: 1_500, patienceMs: 8_000 }).open(
      { language: 'en', lineRateHz: 8_000 },
      new AbortController().signal,
    );
    const { over } = listen(stream);
    say(stream, 7);
    stream.endSegment();
    await clock.advance(7_999);
    expect(chain.incidents).toEqual([]);
    await clock.advance(1);
    expect(await over).toMatchObject({ code: 'provider_timeout' });
    expect(chain.incidents).toEqual([{ kind: 'stt', provider: 'deaf', code: 'provider_timeout', next: null }]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('its limits', () => {
  it('forgets the oldest sound above its limit, and tells how much was lost', async () => {
    const clock = new VirtualClock();
    const { stt } = fakeRecogniser([1, 3]);
    const lost: number[] = [];
    const stream = reopening(stt, clock, { replayMsMax: 60, onLost: (lostMs) => lost.push(lostMs) });
    const { texts } = listen(stream);
    say(stream, 1, 2);
    stream.endSegment();
    say(stream, 3, 4, 5);
    stream.endSegment();
    await clock.advance(10_000);
    expect(texts).toEqual(['', ':3,4,5']);
    expect(lost).toEqual([40]);
    stream.close();
  });

  it('fails when a provider owes too many finals', async () => {
    const silent: SpeechToText = { provider: 'silent', open: () => fakeSilentStream() };
    const stream = reopening(silent, new VirtualClock());
    const { over } = listen(stream);
    for (let i = 0; i <= SEGMENTS_OWED_MAX; i++) stream.endSegment();
    expect(await over).toMatchObject({ code: 'provider_timeout' });
  });
});

function fakeSilentStream(): SpeechToTextStream {
  let end: (result: IteratorResult<Transcript>) => void = () => {};
  const ended = new Promise<IteratorResult<Transcript>>((resolve) => {
    end = resolve;
  });
  return {
    write() {},
    endSegment() {},
    dropSegment() {},
    expect() {},
    close: () => end({ done: true, value: undefined }),
    [Symbol.asyncIterator]: () => ({ next: () => ended }),
  };
}

const speech = new Int16Array(3 * FRAME_SAMPLES).fill(7);
const hints: RecognitionHints = { phrases: ['said'], kind: 'phrases' };

function alone(stt: SpeechToText): SpeechToText {
  const clock = new VirtualClock();
  return reopeningSpeechToText(chainOf('stt', clock, stt), { clock });
}

speechToTextConformance(
  'reopening, with an inner one that does not fail',
  async () => ({
    stt: alone(fakeRecogniser([]).stt),
    speech,
    expected: /^said:7,7,7$/,
    hints,
    close() {},
  }),
  {
    makeFailing: async () => ({
      stt: alone(fakeRecogniser([1], 'provider_auth').stt),
      speech,
      expected: /^said:7,7,7$/,
      hints,
      close() {},
    }),
  },
);

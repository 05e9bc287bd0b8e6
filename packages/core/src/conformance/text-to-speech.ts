import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RapidaError } from '../errors.js';
import { RATE_HZ } from '../frame.js';
import { settle } from '../testing/virtual-clock.js';
import type { SpeechEvent, TextToSpeech, VoiceOptions } from '../text-to-speech.js';
import { endsByAbort, failsAsProvider } from './endings.js';

export interface TextToSpeechSubject {
  readonly tts: TextToSpeech;
  readonly voice: VoiceOptions;
  /** Three or more, each with sound. */
  readonly pieces: readonly string[];
  /** The shortest and longest time piece 0 may sound: what gives away samples of another rate. */
  readonly soundMs: readonly [min: number, max: number];
  close(): void | Promise<void>;
}

/** What not every engine can be brought to do. The cases of what is not declared are not generated. */
export interface TextToSpeechCapabilities<S extends TextToSpeechSubject = TextToSpeechSubject> {
  /** How many requests have reached the provider. */
  readonly started?: (subject: S) => number;
  /** A subject whose provider fails. */
  readonly makeFailing?: () => Promise<S>;
  readonly stalled?: Stalled<S>;
}

interface Stalled<S extends TextToSpeechSubject> {
  /** A subject whose provider never gets to the end of piece 0. */
  readonly make: () => Promise<S>;
  /** Resolves when the request is at the provider. */
  readonly reached: (subject: S) => Promise<void>;
  /** Resolves when the provider saw the request being ended. */
  readonly ended: (subject: S) => Promise<void>;
}

/** The promises of `TextToSpeech`, for every implementation. */
export function textToSpeechConformance<S extends TextToSpeechSubject>(
  name: string,
  makeSubject: () => Promise<S>,
  { started, makeFailing, stalled }: TextToSpeechCapabilities<S> = {},
): void {
  describe(`TextToSpeech: ${name}`, () => {
    describe('speaking', () => speaking(useSubject(makeSubject)));
    describe('pieces that come in time', () => piecesInTime(useSubject(makeSubject)));
    describe('ending early', () => endingEarly(useSubject(makeSubject)));
    if (started !== undefined) describe('starting', () => starting(useSubject(makeSubject), started));
    if (makeFailing !== undefined) describe('with a provider that fails', () => failing(useSubject(makeFailing)));
    if (stalled !== undefined)
      describe('with a provider that stalls', () => stalling(useSubject(stalled.make), stalled));
  });
}

function speaking(subject: () => TextToSpeechSubject): void {
  it('speaks the pieces in order, each with sound and then one piece-end', async () => {
    const outline = outlineOf(await collect(subject(), subject().pieces));
    expect(outline).toEqual(subject().pieces.flatMap((_, piece) => [`audio ${piece}`, `piece-end ${piece}`]));
  });

  it('speaks at 16 kHz', async () => {
    const [piece] = subject().pieces;
    const soundMs = (samplesOf(await collect(subject(), [piece!])).length * 1_000) / RATE_HZ;
    expect(soundMs).toBeGreaterThanOrEqual(subject().soundMs[0]);
    expect(soundMs).toBeLessThanOrEqual(subject().soundMs[1]);
  });

  it('ends without an event when there is nothing to say', async () => {
    expect(await collect(subject(), [])).toEqual([]);
  });

  it('gives a piece without words its piece-end, and goes on', async () => {
    const outline = outlineOf(await collect(subject(), ['', subject().pieces[0]!, ' ']));
    expect(outline).toContain('audio 1');
    expect(outline.filter((line) => line.startsWith('piece-end'))).toEqual([
      'piece-end 0',
      'piece-end 1',
      'piece-end 2',
    ]);
    expect(outline.indexOf('piece-end 0')).toBeLessThan(outline.indexOf('audio 1'));
  });

  it('leaves the samples to the receiver, who may write to them', async () => {
    const [piece] = subject().pieces;
    for (const event of await collect(subject(), [piece!])) if (event.type === 'audio') event.samples.fill(0);
    expect(samplesOf(await collect(subject(), [piece!])).some((sample) => sample !== 0)).toBe(true);
  });

  it('times words within their piece and in order, where it times them', async () => {
    const events = await collect(subject(), subject().pieces);
    for (const [piece] of subject().pieces.entries()) {
      const words = events.flatMap((event) => (event.type === 'words' && event.piece === piece ? event.words : []));
      const starts = words.map((word) => word.startMs);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      for (const word of words) expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
    }
  });

  it('keeps two that speak at once apart', async () => {
    const [first, second, third] = subject().pieces;
    const [one, other] = await Promise.all([collect(subject(), [first!, second!]), collect(subject(), [third!])]);
    expect(outlineOf(one)).toEqual(['audio 0', 'piece-end 0', 'audio 1', 'piece-end 1']);
    expect(outlineOf(other)).toEqual(['audio 0', 'piece-end 0']);
  });

  it('leaves no listener on the signal, and stays at its end', async () => {
    const { signal } = new AbortController();
    const iterator = speak(subject(), from(subject().pieces), signal);
    while (!(await iterator.next()).done);
    expect((await iterator.next()).done).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function piecesInTime(subject: () => TextToSpeechSubject): void {
  it('speaks a piece to its end while the next one is not yet known', async () => {
    const { tts, voice, pieces } = subject();
    const spoken = makeGate();
    async function* slowly() {
      yield pieces[0]!;
      await spoken.passed;
      yield pieces[1]!;
    }
    const events: SpeechEvent[] = [];
    for await (const event of tts.speak(slowly(), voice, new AbortController().signal)) {
      events.push(event);
      if (event.type === 'piece-end') spoken.open();
    }
    expect(outlineOf(events)).toEqual(['audio 0', 'piece-end 0', 'audio 1', 'piece-end 1']);
  });

  it('throws what the text failed with, after what came before it', async () => {
    const { tts, voice, pieces } = subject();
    const failure = new RapidaError('provider_rate_limited');
    async function* breaking() {
      yield pieces[0]!;
      throw failure;
    }
    const reading = (async () => {
      for await (const _ of tts.speak(breaking(), voice, new AbortController().signal));
    })();
    await expect(reading).rejects.toBe(failure);
  });
}

function endingEarly(subject: () => TextToSpeechSubject): void {
  it('ends without another failure when the signal was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('the caller hung up'));
    await endsByAbort(speak(subject(), from(subject().pieces), signal), signal);
  });

  it('ends without another failure when the signal is aborted after the first event', async () => {
    const abort = new AbortController();
    const iterator = speak(subject(), from(subject().pieces), abort.signal);
    await iterator.next();
    abort.abort(new Error('the caller spoke'));
    await endsByAbort(iterator, abort.signal);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('ends when the signal is aborted while it waits for text that never comes', async () => {
    const abort = new AbortController();
    const asked = makeGate();
    const never: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked.open();
          return new Promise(() => {});
        },
      }),
    };
    const ending = endsByAbort(speak(subject(), never, abort.signal), abort.signal);
    await asked.passed;
    abort.abort(new Error('the caller spoke'));
    await ending;
  });

  it('ends when the reader stops reading, and lets go of the text', async () => {
    const { signal } = new AbortController();
    const text = countingReturns(from(subject().pieces));
    const iterator = speak(subject(), text, signal);
    await iterator.next();
    await iterator.return?.();
    expect((await iterator.next()).done).toBe(true);
    expect(text.returns()).toBe(1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function starting<S extends TextToSpeechSubject>(subject: () => S, started: (subject: S) => number): void {
  it('starts nothing before the first next', async () => {
    const iterator = speak(subject(), from(subject().pieces), new AbortController().signal);
    await settle();
    expect(started(subject())).toBe(0);
    while (!(await iterator.next()).done);
    expect(started(subject())).toBe(subject().pieces.length);
  });

  it('starts nothing at all when the signal was aborted before', async () => {
    const signal = AbortSignal.abort();
    await endsByAbort(speak(subject(), from(subject().pieces), signal), signal);
    expect(started(subject())).toBe(0);
  });
}

function failing(subject: () => TextToSpeechSubject): void {
  it('throws a RapidaError with a provider code, then stays at its end', async () => {
    const { signal } = new AbortController();
    const iterator = speak(subject(), from(subject().pieces), signal);
    await failsAsProvider(iterator);
    expect((await iterator.next()).done).toBe(true);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function stalling<S extends TextToSpeechSubject>(subject: () => S, { reached, ended }: Stalled<S>): void {
  it('ends at once when the signal is aborted, at the provider too', async () => {
    const abort = new AbortController();
    const ending = endsByAbort(speak(subject(), from(subject().pieces), abort.signal), abort.signal);
    await reached(subject());
    abort.abort(new Error('the caller spoke'));
    await ending;
    await ended(subject());
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
}

function useSubject<S extends TextToSpeechSubject>(make: () => Promise<S>): () => S {
  let subject: S | undefined;
  beforeEach(async () => {
    subject = await make();
  });
  afterEach(async () => {
    await subject?.close();
    subject = undefined;
  });
  return () => subject!;
}

function speak({ tts, voice }: TextToSpeechSubject, pieces: AsyncIterable<string>, signal: AbortSignal) {
  return tts.speak(pieces, voice, signal)[Symbol.asyncIterator]();
}

async function* from(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

function makeGate(): { passed: Promise<void>; open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

function countingReturns(pieces: AsyncGenerator<string>): AsyncIterable<string> & { returns(): number } {
  let returns = 0;
  return {
    returns: () => returns,
    [Symbol.asyncIterator]: () => ({
      next: () => pieces.next(),
      return: () => {
        returns++;
        return pieces.return(undefined);
      },
    }),
  };
}

async function collect({ tts, voice }: TextToSpeechSubject, pieces: readonly string[]): Promise<SpeechEvent[]> {
  const events: SpeechEvent[] = [];
  for await (const event of tts.speak(from(pieces), voice, new AbortController().signal)) events.push(event);
  return events;
}

/** The order of things: `audio 0` for all sound in a row of one piece, `piece-end 0`, and so on. */
function outlineOf(events: readonly SpeechEvent[]): string[] {
  const lines = events.filter((event) => event.type !== 'words').map((event) => `${event.type} ${event.piece}`);
  return lines.filter((line, index) => !line.startsWith('audio') || line !== lines[index - 1]);
}

function samplesOf(events: readonly SpeechEvent[]): Int16Array {
  const parts = events.flatMap((event) => (event.type === 'audio' ? [event.samples] : []));
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

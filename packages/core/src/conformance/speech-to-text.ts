import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AudioFrame, FRAME_MS, FRAME_SAMPLES } from '../frame.js';
import { NO_HINTS, type RecognitionHints, type SpeechToText, type SpeechToTextStream } from '../speech-to-text.js';
import { failsAsProvider } from './endings.js';

export interface SpeechToTextSubject {
  readonly stt: SpeechToText;
  /** One utterance, 16 kHz mono. */
  readonly speech: Int16Array;
  /** Matches what is recognised in `speech` under `hints`; must not match the empty text. */
  readonly expected: RegExp;
  readonly hints: RecognitionHints;
  close(): void | Promise<void>;
}

/** What not every engine can be brought to do. The cases of what is not declared are not generated. */
export interface SpeechToTextCapabilities {
  /** A subject whose provider fails for the first segment that is ended. */
  readonly makeFailing?: () => Promise<SpeechToTextSubject>;
  /** A subject whose provider never answers. */
  readonly makeStalled?: () => Promise<SpeechToTextSubject>;
}

const OPTIONS = { language: 'en-US', lineRateHz: 8_000 };

/** The promises of `SpeechToText` and `SpeechToTextStream`, for every implementation. */
export function speechToTextConformance(
  name: string,
  makeSubject: () => Promise<SpeechToTextSubject>,
  { makeFailing, makeStalled }: SpeechToTextCapabilities = {},
): void {
  describe(`SpeechToText: ${name}`, () => {
    describe('answering', () => answering(useSubject(makeSubject)));
    describe('closing', () => closing(useSubject(makeSubject)));
    if (makeFailing !== undefined) describe('with a provider that fails', () => failing(useSubject(makeFailing)));
    if (makeStalled !== undefined) describe('with a provider that stalls', () => stalling(useSubject(makeStalled)));
  });
}

function answering(subject: () => SpeechToTextSubject): void {
  it('gives one final for a segment, with what was said', async () => {
    const stream = open(subject());
    say(stream, subject().speech);
    stream.endSegment();
    expect(await finals(stream, 1)).toEqual([expect.stringMatching(subject().expected)]);
    stream.close();
  });

  it('gives one final for every segment, in order, an empty one for an empty segment', async () => {
    const stream = open(subject());
    stream.endSegment();
    say(stream, subject().speech);
    stream.endSegment();
    stream.endSegment();
    say(stream, subject().speech);
    stream.endSegment();
    const said = expect.stringMatching(subject().expected);
    expect(await finals(stream, 4)).toEqual(['', said, '', said]);
    stream.close();
  });

  it('gives no final for a dropped segment', async () => {
    const stream = open(subject());
    say(stream, subject().speech);
    stream.dropSegment();
    stream.endSegment();
    say(stream, subject().speech);
    stream.endSegment();
    expect(await finals(stream, 2)).toEqual(['', expect.stringMatching(subject().expected)]);
    stream.close();
  });

  it('takes a drop without a running segment as nothing', async () => {
    const stream = open(subject());
    stream.dropSegment();
    stream.dropSegment();
    stream.endSegment();
    expect(await finals(stream, 1)).toEqual(['']);
    stream.close();
  });

  it('yields only partials and finals, a text with each, and none for what was rejected', async () => {
    const stream = open(subject());
    say(stream, subject().speech);
    stream.endSegment();
    stream.endSegment();
    let finalsSeen = 0;
    for await (const transcript of stream) {
      expect(['partial', 'final']).toContain(transcript.kind);
      expect(transcript.text).toBeTypeOf('string');
      if (transcript.rejected === true) expect(transcript.text).toBe('');
      if (transcript.kind === 'final' && ++finalsSeen === 2) break;
    }
    expect(finalsSeen).toBe(2);
    stream.close();
  });

  it('keeps two streams of one engine apart', async () => {
    const speaking = open(subject());
    const silent = open(subject());
    say(speaking, subject().speech);
    silent.endSegment();
    speaking.endSegment();
    const both = await Promise.all([finals(speaking, 1), finals(silent, 1)]);
    expect(both).toEqual([[expect.stringMatching(subject().expected)], ['']]);
    speaking.close();
    silent.close();
  });

  it('takes other hints between two segments', async () => {
    const stream = open(subject());
    stream.expect(NO_HINTS);
    stream.endSegment();
    stream.expect(subject().hints);
    say(stream, subject().speech);
    stream.endSegment();
    expect(await finals(stream, 2)).toEqual(['', expect.stringMatching(subject().expected)]);
    stream.close();
  });
}

function closing(subject: () => SpeechToTextSubject): void {
  it('ends the iterator when it is closed, also twice', async () => {
    const stream = open(subject());
    const waiting = stream[Symbol.asyncIterator]();
    const next = waiting.next();
    stream.close();
    stream.close();
    expect((await next).done).toBe(true);
    expect((await waiting.next()).done).toBe(true);
  });

  it('ends the iterator when it is closed with a final on its way', async () => {
    const stream = open(subject());
    say(stream, subject().speech);
    stream.endSegment();
    stream.close();
    expect(await rest(stream)).toBeLessThanOrEqual(1);
  });

  it('takes everything as nothing once it is closed', async () => {
    const stream = open(subject());
    stream.close();
    say(stream, subject().speech);
    stream.endSegment();
    stream.dropSegment();
    stream.expect(NO_HINTS);
    expect(await rest(stream)).toBe(0);
  });

  it('ends without a failure when the signal was aborted before', async () => {
    const stream = subject().stt.open(OPTIONS, AbortSignal.abort());
    say(stream, subject().speech);
    stream.endSegment();
    expect(await rest(stream)).toBe(0);
    stream.close();
  });

  it('ends without a failure when the signal is aborted while somebody waits', async () => {
    const abort = new AbortController();
    const stream = subject().stt.open(OPTIONS, abort.signal);
    say(stream, subject().speech);
    const next = readFinalOrEnd(stream);
    abort.abort(new Error('hung up'));
    expect(await next).toBe('end');
    stream.close();
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    const stream = subject().stt.open(OPTIONS, signal);
    stream.endSegment();
    await finals(stream, 1);
    stream.close();
    await rest(stream);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function failing(subject: () => SpeechToTextSubject): void {
  it('throws a RapidaError with a provider code, and stays harmless after it', async () => {
    const stream = open(subject());
    say(stream, subject().speech);
    stream.endSegment();
    await failsAsProvider(stream[Symbol.asyncIterator]());
    say(stream, subject().speech);
    stream.endSegment();
    stream.dropSegment();
    stream.close();
    stream.close();
  });

  it('leaves no listener on the signal after the failure', async () => {
    const { signal } = new AbortController();
    const stream = subject().stt.open(OPTIONS, signal);
    say(stream, subject().speech);
    stream.endSegment();
    await failsAsProvider(stream[Symbol.asyncIterator]());
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
}

function stalling(subject: () => SpeechToTextSubject): void {
  it('ends at once when it is closed', async () => {
    const stream = open(subject());
    say(stream, subject().speech);
    stream.endSegment();
    const next = readFinalOrEnd(stream);
    stream.close();
    expect(await next).toBe('end');
  });

  it('ends at once when the signal is aborted', async () => {
    const abort = new AbortController();
    const stream = subject().stt.open(OPTIONS, abort.signal);
    say(stream, subject().speech);
    stream.endSegment();
    const next = readFinalOrEnd(stream);
    abort.abort();
    expect(await next).toBe('end');
  });
}

function useSubject(make: () => Promise<SpeechToTextSubject>): () => SpeechToTextSubject {
  let subject: SpeechToTextSubject | undefined;
  beforeEach(async () => {
    subject = await make();
  });
  afterEach(async () => {
    await subject?.close();
    subject = undefined;
  });
  return () => subject!;
}

function open({ stt, hints }: SpeechToTextSubject): SpeechToTextStream {
  const stream = stt.open(OPTIONS, new AbortController().signal);
  stream.expect(hints);
  return stream;
}

/** Writes whole frames, the last one filled up with silence. */
function say(stream: SpeechToTextStream, speech: Int16Array): void {
  for (let start = 0; start < speech.length; start += FRAME_SAMPLES) {
    const samples = new Int16Array(FRAME_SAMPLES);
    samples.set(speech.subarray(start, start + FRAME_SAMPLES));
    const frame: AudioFrame = { samples, atMs: (start / FRAME_SAMPLES) * FRAME_MS };
    stream.write(frame);
  }
}

/** Texts of the next `count` finals. */
async function finals(stream: SpeechToTextStream, count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const transcript of stream) {
    if (transcript.kind === 'final' && texts.push(transcript.text) === count) break;
  }
  return texts;
}

async function readFinalOrEnd(stream: SpeechToTextStream): Promise<string> {
  const [text] = await finals(stream, 1);
  return text === undefined ? 'end' : `final ${text}`;
}

/** How many finals come until the iterator ends. */
async function rest(stream: SpeechToTextStream): Promise<number> {
  return (await finals(stream, Number.POSITIVE_INFINITY)).length;
}

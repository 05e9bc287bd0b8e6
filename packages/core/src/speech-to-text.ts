import type { AudioFrame } from './frame.js';

/** Recognition of one caller. One attempt: a failure ends the stream, retrying is `resilience`'s work. */
export interface SpeechToText {
  readonly provider: string;
  /** Cheap and synchronous: connecting happens behind it. `signal` closes the stream. */
  open(options: SpeechToTextOptions, signal: AbortSignal): SpeechToTextStream;
}

export interface SpeechToTextOptions {
  /** BCP 47, e.g. `en-US`. */
  readonly language: string;
  /** Rate of what is on the phone line: a hint for choosing a model. Frames are 16 kHz all the same. */
  readonly lineRateHz: number;
}

/**
 * Speech is written in segments as the voice activity detector cuts them (pre-roll included). Iterating yields partials
 * and, for every `endSegment`, exactly one final, in order - an empty one where nothing was recognised. The iterator
 * ends when the stream is closed and throws a `RapidaError` when the provider fails.
 */
export interface SpeechToTextStream extends AsyncIterable<Transcript> {
  /** Never blocks; audio the provider does not take in time is dropped, oldest first, and counted. */
  write(frame: AudioFrame): void;
  endSegment(): void;
  /** Forgets the running segment: no final will come for it. */
  dropSegment(): void;
  /** What makes sense to hear from the next segment on. */
  expect(hints: RecognitionHints): void;
  /** Idempotent. */
  close(): void;
}

export interface Transcript {
  readonly kind: 'partial' | 'final';
  readonly text: string;
  /** Speech was heard but is not among what was expected (phrase recognisers). The text is then empty. */
  readonly rejected?: boolean;
}

export interface RecognitionHints {
  /** Whole phrases that make sense now. A phrase recogniser hears nothing else; others take them as key terms. */
  readonly phrases: readonly string[];
  /** A kind of answer that cannot be listed. */
  readonly kind: 'phrases' | 'digits' | 'yes_no';
}

export const NO_HINTS: RecognitionHints = { phrases: [], kind: 'phrases' };

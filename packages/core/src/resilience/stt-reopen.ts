import { type Clock, sleep } from '../clock.js';
import { RapidaError } from '../errors.js';
import { type AudioFrame, FRAME_MS } from '../frame.js';
import {
  NO_HINTS,
  type RecognitionHints,
  type SpeechToText,
  type SpeechToTextOptions,
  type SpeechToTextStream,
  type Transcript,
} from '../speech-to-text.js';
import { linkedAbort } from './linked-abort.js';
import { backoffMs, isRetryable } from './retry.js';

export interface ReopenOptions {
  readonly clock: Clock;
  /** For the whole life of a stream, which is a call; 3. */
  readonly reopensMax?: number;
  /** Wait before the first reopening, doubling with every further one; 100 ms. */
  readonly backoffMs?: number;
  /** Sound kept for saying it again; 30 s. Of what is more, the oldest is forgotten. */
  readonly replayMsMax?: number;
  readonly onReopen?: (error: RapidaError) => void;
  /** Sound that a reopened stream did not get to hear, because it was forgotten. */
  readonly onLost?: (lostMs: number) => void;
}

/** Segments whose finals have not come. A provider that owes more than this is not answering. */
export const SEGMENTS_OWED_MAX = 256;

/**
 * `inner`, but a stream survives retryable failures: another one is opened and hears again the segments whose finals
 * have not come, and the running one. Still one final per `endSegment`, in order; partials may repeat. When
 * `reopensMax` is used up, or for a failure that is not retryable, the iterator throws it. One reader at a time.
 */
export function reopeningSpeechToText(inner: SpeechToText, options: ReopenOptions): SpeechToText {
  return {
    provider: inner.provider,
    open: (streamOptions, signal) => new ReopeningStream(inner, options, streamOptions, signal),
  };
}

interface Segment {
  /** What was to be expected when the segment began. */
  readonly hints: RecognitionHints;

  readonly frames: AudioFrame[];
  /** Forgotten and not yet reported. */
  lostFrames: number;
}

class ReopeningStream implements SpeechToTextStream {
  readonly #inner: SpeechToText;
  readonly #options: ReopenOptions;
  readonly #streamOptions: SpeechToTextOptions;
  readonly #own: { readonly controller: AbortController; readonly unlink: () => void };
  readonly #owed: Segment[] = [];
  #running: Segment | undefined;
  #hints: RecognitionHints = NO_HINTS;
  #keptFrames = 0;
  #reopens = 0;
  #failure: RapidaError | undefined;
  /** None between a failure and the reopening. */
  #stream: SpeechToTextStream | undefined;
  #iterator: AsyncIterator<Transcript>;

  constructor(inner: SpeechToText, options: ReopenOptions, streamOptions: SpeechToTextOptions, signal: AbortSignal) {
    this.#inner = inner;
    this.#options = options;
    this.#streamOptions = streamOptions;
    this.#own = linkedAbort(signal);
    this.#stream = inner.open(streamOptions, this.#own.controller.signal);
    this.#iterator = this.#stream[Symbol.asyncIterator]();
  }

  write(frame: AudioFrame): void {
    if (this.#isClosed) return;
    this.#running ??= { hints: this.#hints, frames: [], lostFrames: 0 };
    this.#running.frames.push(frame);
    this.#keptFrames++;
    this.#forgetOldest();
    this.#stream?.write(frame);
  }

  endSegment(): void {
    if (this.#isClosed) return;
    this.#owed.push(this.#running ?? { hints: this.#hints, frames: [], lostFrames: 0 });
    this.#running = undefined;
    if (this.#owed.length > SEGMENTS_OWED_MAX) {
      this.#failure ??= new RapidaError('provider_timeout');
      this.#stream?.close();
      return;
    }
    this.#stream?.endSegment();
  }

  dropSegment(): void {
    if (this.#isClosed) return;
    this.#keptFrames -= this.#running?.frames.length ?? 0;
    this.#running = undefined;
    this.#stream?.dropSegment();
  }

  expect(hints: RecognitionHints): void {
    if (this.#isClosed) return;
    this.#hints = hints;
    this.#stream?.expect(hints);
  }

  close(): void {
    if (!this.#isClosed) this.#own.controller.abort(new DOMException('closed', 'AbortError'));
    this.#own.unlink();
    this.#stream?.close();
    this.#stream = undefined;
    this.#owed.length = 0;
    this.#running = undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<Transcript> {
    return { next: () => this.#next() };
  }

  get #isClosed(): boolean {
    return this.#own.controller.signal.aborted;
  }

  async #next(): Promise<IteratorResult<Transcript>> {
    while (!this.#isClosed) {
      try {
        const result = await this.#iterator.next();
        if (this.#failure !== undefined) throw this.#failure;
        if (result.done) break;
        if (result.value.kind === 'final') this.#forget(this.#owed.shift());
        return result;
      } catch (error) {
        if (!this.#isClosed) await this.#reopen(error);
      }
    }
    this.close();
    return { done: true, value: undefined };
  }

  /** Throws `error` when it is not to be tried again. */
  async #reopen(error: unknown): Promise<void> {
    const { clock, reopensMax = 3 } = this.#options;
    this.#stream?.close();
    this.#stream = undefined;
    if (this.#failure !== undefined || !isRetryable(error) || this.#reopens >= reopensMax) {
      this.close();
      throw error;
    }
    this.#reopens++;
    this.#options.onReopen?.(RapidaError.from(error));
    const waitMs = backoffMs(this.#reopens, { backoffMs: this.#options.backoffMs ?? 100 });
    await sleep(clock, waitMs, this.#own.controller.signal);
    if (this.#isClosed) return;
    this.#stream = this.#inner.open(this.#streamOptions, this.#own.controller.signal);
    this.#iterator = this.#stream[Symbol.asyncIterator]();
    this.#replay(this.#stream);
  }

  #replay(stream: SpeechToTextStream): void {
    for (const segment of this.#owed) {
      this.#say(stream, segment);
      stream.endSegment();
    }
    if (this.#running !== undefined) this.#say(stream, this.#running);
    stream.expect(this.#hints);
  }

  #say(stream: SpeechToTextStream, segment: Segment): void {
    stream.expect(segment.hints);
    for (const frame of segment.frames) stream.write(frame);
    if (segment.lostFrames > 0) this.#options.onLost?.(segment.lostFrames * FRAME_MS);
    segment.lostFrames = 0;
  }

  #forget(segment: Segment | undefined): void {
    this.#keptFrames -= segment?.frames.length ?? 0;
  }

  #forgetOldest(): void {
    if (this.#keptFrames * FRAME_MS <= (this.#options.replayMsMax ?? 30_000)) return;
    const oldest = this.#owed.find((segment) => segment.frames.length > 0) ?? this.#running;
    if (oldest === undefined) return;
    oldest.frames.shift();
    oldest.lostFrames++;
    this.#keptFrames--;
  }
}

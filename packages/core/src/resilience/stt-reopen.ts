import { type Clock, sleep, type Timer } from '../clock.js';
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
import type { ChainLink, EngineChain } from './engine-chain.js';
import { linkedAbort } from './linked-abort.js';
import { backoffMs, isRetryable } from './retry.js';

export interface ReopenOptions {
  readonly clock: Clock;
  /** From the end of a segment to its final, while another engine could be asked. Without it nobody counts. */
  readonly budgetMs?: number;
  /** The same where nobody else is left: the stream fails then. Without it nobody counts. */
  readonly patienceMs?: number;
  /** Of engines that were tried before, for the whole life of a stream, which is a call; 3. */
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
 * The recognisers of a chain as one, whose streams survive failures: another stream is opened and hears again the segments whose finals have
 * not come, and the running one. It is the next engine's, at once; where there is none, and the failure is retryable, the same one's after a
 * pause. Still one final per `endSegment`, in order; partials may repeat. When `reopensMax` is used up, or for a failure that nobody else can
 * mend, the iterator throws it. One reader at a time.
 */
export function reopeningSpeechToText(chain: EngineChain<SpeechToText>, options: ReopenOptions): SpeechToText {
  return {
    provider: chain.first.provider,
    open: (streamOptions, signal) => new ReopeningStream(chain, options, streamOptions, signal),
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
  readonly #chain: EngineChain<SpeechToText>;
  readonly #tried = new Set<ChainLink<SpeechToText>>();
  #link: ChainLink<SpeechToText> | undefined;
  readonly #options: ReopenOptions;
  readonly #streamOptions: SpeechToTextOptions;
  readonly #own: { readonly controller: AbortController; readonly unlink: () => void };
  readonly #owed: Segment[] = [];
  #running: Segment | undefined;
  #hints: RecognitionHints = NO_HINTS;
  #keptFrames = 0;
  #reopens = 0;
  #failure: RapidaError | undefined;
  /** The running engine owes a final for too long. */
  #late: RapidaError | undefined;
  /** The last engine had all its time. */
  #isOutOfPatience = false;
  /** Ends the wait for an engine that may never say anything, closed or not. */
  #giveUp: (() => void) | undefined;
  #attempt: { readonly controller: AbortController; readonly unlink: () => void } | undefined;
  #budget: Timer | undefined;
  /** None between a failure and the reopening. */
  #stream: SpeechToTextStream | undefined;
  #iterator: AsyncIterator<Transcript> | undefined;

  constructor(
    chain: EngineChain<SpeechToText>,
    options: ReopenOptions,
    streamOptions: SpeechToTextOptions,
    signal: AbortSignal,
  ) {
    this.#chain = chain;
    this.#options = options;
    this.#streamOptions = streamOptions;
    this.#own = linkedAbort(signal);
    this.#open(chain.next(this.#tried));
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
      this.#giveUp?.();
      return;
    }
    this.#stream?.endSegment();
    this.#count();
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
    this.#budget?.cancel();
    this.#letGo();
    this.#giveUp?.();
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
        const result = await this.#given();
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#late !== undefined) throw this.#late;
        if (result === undefined || result.done) break;
        if (result.value.kind === 'final') this.#answered();
        return result;
      } catch (error) {
        if (!this.#isClosed) await this.#reopen(error);
      }
    }
    this.close();
    return { done: true, value: undefined };
  }

  /** What the running engine gives next; undefined when it was given up. */
  async #given(): Promise<IteratorResult<Transcript> | undefined> {
    const iterator = this.#iterator;
    if (iterator === undefined) return undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#giveUp = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
    } finally {
      this.#giveUp = undefined;
    }
  }

  /** Throws `error` when nobody is left to be tried. */
  async #reopen(error: unknown): Promise<void> {
    this.#letGo();
    this.#late = undefined;
    this.#budget?.cancel();
    this.#budget = undefined;
    const failed = this.#link;
    const next = this.#failure === undefined ? this.#chain.next(this.#tried) : undefined;
    const goesOn = next !== undefined || this.#mayReopen(error);
    if (failed !== undefined) this.#chain.failed(failed, error, next ?? (goesOn ? failed : undefined));
    if (!goesOn) {
      this.close();
      throw error;
    }
    if (next === undefined) await this.#pause();
    if (this.#isClosed) return;
    this.#options.onReopen?.(RapidaError.from(error));
    this.#replay(this.#open(next ?? failed));
  }

  #mayReopen(error: unknown): boolean {
    if (this.#isOutOfPatience) return false;
    return this.#failure === undefined && isRetryable(error) && this.#reopens < (this.#options.reopensMax ?? 3);
  }

  /** Before the same engine is asked again. */
  async #pause(): Promise<void> {
    this.#reopens++;
    const waitMs = backoffMs(this.#reopens, { backoffMs: this.#options.backoffMs ?? 100 });
    await sleep(this.#options.clock, waitMs, this.#own.controller.signal);
  }

  #open(link: ChainLink<SpeechToText> | undefined): SpeechToTextStream | undefined {
    this.#link = link;
    this.#attempt = linkedAbort(this.#own.controller.signal);
    this.#stream = link?.engine.open(this.#streamOptions, this.#attempt.controller.signal);
    this.#iterator = this.#stream?.[Symbol.asyncIterator]();
    return this.#stream;
  }

  #letGo(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#attempt?.controller.abort(new DOMException('let go', 'AbortError'));
    this.#attempt?.unlink();
    this.#attempt = undefined;
  }

  #answered(): void {
    this.#forget(this.#owed.shift());
    if (this.#link !== undefined) this.#chain.worked(this.#link);
    this.#budget?.cancel();
    this.#budget = undefined;
    this.#count();
  }

  /** Gives the running engine its time for the oldest final that it owes. */
  #count(): void {
    if (this.#budget !== undefined || this.#owed.length === 0) return;
    const { budgetMs, patienceMs, clock } = this.#options;
    const isLast = this.#chain.isLast(this.#tried);
    const allowedMs = isLast ? patienceMs : budgetMs;
    if (allowedMs === undefined) return;
    this.#budget = clock.setTimer(allowedMs, () => {
      this.#isOutOfPatience = isLast;
      this.#late = new RapidaError('provider_timeout');
      this.#giveUp?.();
    });
  }

  #replay(stream: SpeechToTextStream | undefined): void {
    if (stream === undefined) return;
    for (const segment of this.#owed) {
      this.#say(stream, segment);
      stream.endSegment();
    }
    if (this.#running !== undefined) this.#say(stream, this.#running);
    stream.expect(this.#hints);
    this.#count();
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

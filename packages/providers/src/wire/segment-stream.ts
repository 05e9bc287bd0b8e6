import {
  type AudioFrame,
  FRAME_MS,
  linkedAbort,
  RapidaError,
  type RecognitionHints,
  type SpeechToTextStream,
  type Transcript,
} from '@rapida/core';

/**
 * A vendor's side of one stream. It may connect while frames are written already: they wait here, bounded, until it says that it is ready.
 * All of it is synchronous.
 */
export interface SegmentWire {
  /** The next 20 ms of the running segment. False where it was not taken: it is lost and counted. */
  audio(frame: AudioFrame): boolean;
  /** The running segment is over: what was said in it is wanted now, answered by one `onSegmentEnd`. */
  finish(): void;
  /** What makes sense to hear from the next segment on, where the vendor takes it in a running stream. */
  expect?(hints: RecognitionHints): void;
  /** Idempotent. Nothing is told after it. */
  close(): void;
}

/** What the wire tells. */
export interface SegmentEvents {
  onReady(): void;
  /** Text of the running segment that will not change any more; parts of one segment are joined by spaces. */
  onPart(text: string): void;
  /** What the running segment sounds like so far, after its parts. */
  onPartial(text: string): void;
  /** Everything that was said before the oldest unanswered `finish` has been told. */
  onSegmentEnd(): void;
  onFailed(error: RapidaError): void;
}

export interface SegmentStreamOptions {
  readonly openWire: (events: SegmentEvents) => SegmentWire;
  readonly onDropped: (droppedMs: number) => void;
}

/** Sound kept while the wire connects. */
export const WAITING_MS_MAX = 15_000;
/** Segments whose finals have not come, or were not read; of partials only the newest waits. */
export const SEGMENTS_OPEN_MAX = 64;

const FRAMES_WAITING_MAX = WAITING_MS_MAX / FRAME_MS;

interface Segment {
  readonly parts: string[];
  /** Given up by `dropSegment`: its end is awaited, its text is forgotten. */
  isDropped: boolean;
}

type Waiting = AudioFrame | 'finish';

/**
 * Segments over a vendor that streams: sound goes out as it comes, and every `endSegment` asks for the rest of the text. One final per
 * segment, in order; a segment without sound has an empty final without asking. Used by every recogniser behind a connection.
 */
export class SegmentStream implements SpeechToTextStream {
  readonly #options: SegmentStreamOptions;
  readonly #own: { readonly controller: AbortController; readonly unlink: () => void };
  readonly #wire: SegmentWire | undefined;
  /** Sound and ends that came before the wire was ready; undefined from then on. */
  #waiting: Waiting[] | undefined = [];
  #waitingFrames = 0;
  /** Asked for and not answered, oldest first; the wire's texts belong to the first, or to the running one where there is none. */
  readonly #asked: (Segment | 'empty')[] = [];
  #running: Segment | undefined;
  readonly #finals: Transcript[] = [];
  #partial: Transcript | undefined;
  #failure: RapidaError | undefined;
  #wake: (() => void) | undefined;

  constructor(options: SegmentStreamOptions, signal: AbortSignal) {
    this.#options = options;
    this.#own = linkedAbort(signal);
    if (this.#isClosed) return;
    this.#own.controller.signal.addEventListener('abort', () => this.#shut(), { once: true });
    this.#wire = options.openWire({
      onReady: () => this.#ready(),
      onPart: (text) => this.#part(text),
      onPartial: (text) => this.#heard(text),
      onSegmentEnd: () => this.#segmentEnd(),
      onFailed: (error) => this.#fail(error),
    });
    if (this.#failure !== undefined) this.#wire.close();
  }

  write(frame: AudioFrame): void {
    if (this.#isClosed || this.#failure !== undefined) return;
    this.#running ??= { parts: [], isDropped: false };
    if (this.#waiting === undefined) this.#send(frame);
    else this.#keep(this.#waiting, frame);
  }

  endSegment(): void {
    if (this.#isClosed || this.#failure !== undefined) return;
    if (this.#asked.length + this.#finals.length >= SEGMENTS_OPEN_MAX) {
      this.#fail(new RapidaError('provider_timeout', `More than ${SEGMENTS_OPEN_MAX} segments wait for their text`));
      return;
    }
    if (this.#running === undefined) {
      this.#asked.push('empty');
      this.#settleEmpty();
      return;
    }
    this.#ask(this.#running);
  }

  dropSegment(): void {
    if (this.#running === undefined || this.#isClosed || this.#failure !== undefined) return;
    this.#running.isDropped = true;
    this.#partial = undefined;
    this.#ask(this.#running);
  }

  expect(hints: RecognitionHints): void {
    if (!this.#isClosed && this.#failure === undefined) this.#wire?.expect?.(hints);
  }

  close(): void {
    if (!this.#isClosed) this.#own.controller.abort(new DOMException('closed', 'AbortError'));
  }

  [Symbol.asyncIterator](): AsyncIterator<Transcript> {
    return { next: () => this.#next() };
  }

  get #isClosed(): boolean {
    return this.#own.controller.signal.aborted;
  }

  async #next(): Promise<IteratorResult<Transcript>> {
    while (!this.#isClosed) {
      const value = this.#finals.shift() ?? this.#partial;
      if (value !== undefined) {
        if (value === this.#partial) this.#partial = undefined;
        return { done: false, value };
      }
      if (this.#failure !== undefined) {
        const failure = this.#failure;
        this.close();
        throw failure;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return { done: true, value: undefined };
  }

  #ask(segment: Segment): void {
    this.#running = undefined;
    this.#asked.push(segment);
    if (this.#waiting === undefined) this.#wire?.finish();
    else this.#waiting.push('finish');
  }

  #send(frame: AudioFrame): void {
    if (this.#wire?.audio(frame) !== true) this.#options.onDropped(FRAME_MS);
  }

  #keep(waiting: Waiting[], frame: AudioFrame): void {
    waiting.push(frame);
    if (++this.#waitingFrames <= FRAMES_WAITING_MAX) return;
    waiting.splice(
      waiting.findIndex((item) => item !== 'finish'),
      1,
    );
    this.#waitingFrames--;
    this.#options.onDropped(FRAME_MS);
  }

  #ready(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const item of waiting) {
      if (item === 'finish') this.#wire?.finish();
      else this.#send(item);
    }
  }

  #current(): Segment | undefined {
    const [oldest] = this.#asked;
    return oldest === 'empty' || oldest === undefined ? this.#running : oldest;
  }

  #part(text: string): void {
    const part = text.trim();
    if (part === '') return;
    this.#current()?.parts.push(part);
    this.#heard('');
  }

  #heard(text: string): void {
    const segment = this.#current();
    if (segment === undefined || segment.isDropped) return;
    const whole = [...segment.parts, text.trim()].filter((part) => part !== '').join(' ');
    if (whole === '') return;
    this.#partial = { kind: 'partial', text: whole };
    this.#rouse();
  }

  #segmentEnd(): void {
    const segment = this.#asked.shift();
    if (segment === undefined || segment === 'empty') return;
    this.#partial = undefined;
    if (!segment.isDropped) this.#finals.push({ kind: 'final', text: segment.parts.join(' ') });
    this.#settleEmpty();
    this.#rouse();
  }

  /** Segments without sound are answered as soon as those before them are. */
  #settleEmpty(): void {
    while (this.#asked[0] === 'empty') {
      this.#asked.shift();
      this.#finals.push({ kind: 'final', text: '' });
    }
    this.#rouse();
  }

  #fail(error: RapidaError): void {
    if (this.#isClosed) return;
    this.#failure ??= error;
    this.#wire?.close();
    this.#rouse();
  }

  #shut(): void {
    this.#own.unlink();
    this.#wire?.close();
    this.#waiting = undefined;
    this.#asked.length = 0;
    this.#finals.length = 0;
    this.#partial = undefined;
    this.#running = undefined;
    this.#rouse();
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

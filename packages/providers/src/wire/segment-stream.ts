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
  /** The running segment is over: what was said in it is wanted now, answered by one `onSegmentEnd`. Some of its sound was taken. */
  finish(): void;
  /** Forgets what was taken of the running segment, where the vendor can; nothing answers it. Without it the segment is finished. */
  drop?(): void;
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
/** Of a segment; further text is forgotten. An hour of speech is shorter than this. */
export const SEGMENT_CHARACTERS_MAX = 100_000;

const FRAMES_WAITING_MAX = WAITING_MS_MAX / FRAME_MS;

interface Segment {
  readonly parts: string[];
  characters: number;
  /** Frames that the wire took. */
  taken: number;
  /** Given up by `dropSegment`: its end is awaited, its text is forgotten. */
  isDropped: boolean;
}

/** Of a segment without sound: its final is given when those before it are. */
type Asked = Segment | 'empty';
/** The segment at its end; its frames stand before it. */
type Waiting = AudioFrame | { readonly ended: Segment };

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
  /** Ended and not answered, oldest first; the wire's texts belong to the first, or to the running one where there is none. */
  readonly #asked: Asked[] = [];
  #running: Segment | undefined;
  /** Said while a segment runs: for the next one. */
  #hints: RecognitionHints | undefined;
  readonly #finals: Transcript[] = [];
  #partial: Transcript | undefined;
  #failure: RapidaError | undefined;
  #changed: { readonly passed: Promise<void>; readonly open: () => void } | undefined;

  constructor(options: SegmentStreamOptions, signal: AbortSignal) {
    this.#options = options;
    this.#own = linkedAbort(signal);
    if (this.#isClosed) return;
    this.#own.controller.signal.addEventListener('abort', () => this.#shut(), { once: true });
    try {
      this.#wire = options.openWire({
        onReady: () => this.#ready(),
        onPart: (text) => this.#part(text),
        onPartial: (text) => this.#heard(text),
        onSegmentEnd: () => this.#segmentEnd(),
        onFailed: (error) => this.#fail(error),
      });
    } catch (error) {
      this.#fail(RapidaError.from(error));
    }
    // What it told while it was being made could not reach it.
    if (this.#failure !== undefined) this.#wire?.close();
  }

  write(frame: AudioFrame): void {
    if (this.#isOver) return;
    this.#running ??= { parts: [], characters: 0, taken: 0, isDropped: false };
    if (this.#waiting === undefined) this.#send(this.#running, frame);
    else this.#keep(this.#waiting, frame);
  }

  endSegment(): void {
    if (this.#isOver) return;
    const running = this.#endRunning();
    if (running === undefined) this.#push('empty');
    else this.#ask(running);
    this.#tellHints();
    this.#settleEmpty();
  }

  dropSegment(): void {
    if (this.#running === undefined || this.#isOver) return;
    if (this.#current() === this.#running) this.#partial = undefined;
    const running = this.#endRunning();
    if (running === undefined) return;
    running.isDropped = true;
    if (this.#waiting !== undefined) this.#forgetRunning(this.#waiting);
    else if (running.taken > 0 && this.#wire?.drop !== undefined) this.#wire.drop();
    else if (running.taken > 0) this.#ask(running);
    this.#tellHints();
  }

  expect(hints: RecognitionHints): void {
    if (this.#isOver) return;
    this.#hints = hints;
    if (this.#running === undefined) this.#tellHints();
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

  get #isOver(): boolean {
    return this.#isClosed || this.#failure !== undefined;
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
      this.#changed ??= makeGate();
      await this.#changed.passed;
    }
    return { done: true, value: undefined };
  }

  #endRunning(): Segment | undefined {
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  #tellHints(): void {
    const hints = this.#hints;
    this.#hints = undefined;
    if (hints !== undefined) this.#wire?.expect?.(hints);
  }

  #ask(segment: Segment): void {
    if (this.#waiting !== undefined) {
      if (this.#push(segment)) this.#waiting.push({ ended: segment });
    } else if (segment.taken === 0) this.#push('empty');
    else if (this.#push(segment)) this.#wire?.finish();
  }

  /** False where it is one too many. */
  #push(asked: Asked): boolean {
    if (this.#asked.length + this.#finals.length < SEGMENTS_OPEN_MAX) {
      this.#asked.push(asked);
      return true;
    }
    this.#fail(new RapidaError('provider_timeout', `More than ${SEGMENTS_OPEN_MAX} segments wait for their text`));
    return false;
  }

  #send(segment: Segment, frame: AudioFrame): void {
    if (this.#wire?.audio(frame) === true) segment.taken++;
    else this.#options.onDropped(FRAME_MS);
  }

  #keep(waiting: Waiting[], frame: AudioFrame): void {
    waiting.push(frame);
    if (++this.#waitingFrames <= FRAMES_WAITING_MAX) return;
    const oldest = waiting.findIndex((item) => !('ended' in item));
    waiting.splice(oldest, 1);
    this.#waitingFrames--;
    this.#options.onDropped(FRAME_MS);
  }

  /** What waits after the last end is of the running segment. */
  #forgetRunning(waiting: Waiting[]): void {
    const kept = waiting.findLastIndex((item) => 'ended' in item) + 1;
    this.#waitingFrames -= waiting.length - kept;
    waiting.length = kept;
  }

  #ready(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || this.#isOver) return;
    this.#waiting = undefined;
    this.#waitingFrames = 0;
    let first = 0;
    for (const [index, item] of waiting.entries()) {
      if (!('ended' in item)) continue;
      this.#replay(item.ended, waiting.slice(first, index));
      first = index + 1;
    }
    if (this.#running !== undefined) this.#replay(this.#running, waiting.slice(first));
    this.#settleEmpty();
  }

  #replay(segment: Segment, items: readonly Waiting[]): void {
    if (this.#isOver) return;
    for (const item of items) if (!('ended' in item)) this.#send(segment, item);
    if (segment === this.#running) return;
    if (segment.taken > 0) this.#wire?.finish();
    // All of its sound was too much: the vendor has nothing to answer.
    else if (this.#asked.includes(segment)) this.#asked[this.#asked.indexOf(segment)] = 'empty';
  }

  #current(): Segment | undefined {
    const oldest = this.#asked.find((asked) => asked !== 'empty');
    return oldest ?? this.#running;
  }

  #part(text: string): void {
    const segment = this.#current();
    const part = text.trim();
    if (part === '' || segment === undefined || segment.isDropped) return;
    segment.characters += part.length;
    if (segment.characters <= SEGMENT_CHARACTERS_MAX) segment.parts.push(part);
    this.#heard('');
  }

  #heard(text: string): void {
    const segment = this.#current();
    if (segment === undefined || segment.isDropped) return;
    const partial = text.trim().slice(0, SEGMENT_CHARACTERS_MAX);
    const whole = [...segment.parts, partial].filter((part) => part !== '').join(' ');
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
    if (this.#isOver) return;
    this.#failure = error;
    this.#forget();
    this.#wire?.close();
    this.#rouse();
  }

  #shut(): void {
    this.#own.unlink();
    this.#forget();
    this.#finals.length = 0;
    this.#partial = undefined;
    this.#wire?.close();
    this.#rouse();
  }

  #forget(): void {
    this.#waiting = undefined;
    this.#waitingFrames = 0;
    this.#asked.length = 0;
    this.#running = undefined;
    this.#hints = undefined;
  }

  #rouse(): void {
    const changed = this.#changed;
    this.#changed = undefined;
    changed?.open();
  }
}

function makeGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

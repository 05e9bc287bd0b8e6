import type {
  AudioFrame,
  RealtimeEvent,
  RealtimeModel,
  RealtimeOptions,
  RealtimeSession,
  SpeechToText,
  SpeechToTextStream,
} from '@rapida/core';
import { FRAME_MS, isAbort, RapidaError } from '@rapida/core';

/**
 * Frames kept of a segment before it is known to be a turn: as much as can pass until an interruption is certain (5 s) and the
 * pre-roll (1 s).
 */
export const KEPT_FRAMES_MAX = 6_000 / FRAME_MS;

export interface ModelLineOptions {
  readonly model: RealtimeModel;
  readonly options: Omit<RealtimeOptions, 'history'>;
  readonly listener: {
    event(event: RealtimeEvent): void;
    failed(error: RapidaError): void;
  };
}

/**
 * The session with the model, and the caller's way to it: the ears write segments here as they would to a recogniser. Until a
 * turn is begun they are kept, and forgotten when the segment ends - so a cough over the assistant's sentence never reaches the model.
 */
export class ModelLine {
  readonly #options: ModelLineOptions;
  readonly #kept: AudioFrame[] = [];
  #session: RealtimeSession | undefined;
  #abort: AbortController | undefined;
  #isOpen = false;

  constructor(options: ModelLineOptions) {
    this.#options = options;
  }

  /** A new session in the place of the one there is. */
  open(history: RealtimeOptions['history']): void {
    this.close();
    const { model, options } = this.#options;
    const abort = new AbortController();
    const session = model.open({ ...options, history }, abort.signal);
    this.#abort = abort;
    this.#session = session;
    void this.#listen(session, abort.signal);
  }

  get session(): RealtimeSession | undefined {
    return this.#session;
  }

  beginTurn(turn: number): void {
    this.#session?.beginTurn(turn);
    for (const frame of this.#kept.splice(0)) this.#session?.write(frame);
    this.#isOpen = true;
  }

  ask(answer: number): void {
    this.#isOpen = false;
    this.#session?.answer(answer);
  }

  /** Idempotent. */
  close(): void {
    const session = this.#session;
    this.#session = undefined;
    this.#isOpen = false;
    this.#kept.length = 0;
    session?.close();
    this.#abort?.abort();
    this.#abort = undefined;
  }

  /** For the ears. It gives no transcripts: those come from the session. */
  asRecogniser(): SpeechToText {
    return { provider: this.#options.model.provider, open: (_options, signal) => this.#stream(signal) };
  }

  #stream(signal: AbortSignal): SpeechToTextStream {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    signal.addEventListener('abort', end, { once: true });
    const next = async () => {
      await ended;
      return { done: true, value: undefined } as const;
    };
    return {
      write: (frame) => this.#write(frame),
      endSegment: () => void this.#kept.splice(0),
      dropSegment: () => void this.#kept.splice(0),
      expect() {},
      close: end,
      [Symbol.asyncIterator]: () => ({ next }),
    };
  }

  #write(frame: AudioFrame): void {
    if (this.#isOpen) return this.#session?.write(frame);
    this.#kept.push(frame);
    if (this.#kept.length > KEPT_FRAMES_MAX) this.#kept.shift();
  }

  async #listen(session: RealtimeSession, signal: AbortSignal): Promise<void> {
    const { listener } = this.#options;
    try {
      for await (const event of session) {
        if (this.#session !== session) return;
        listener.event(event);
      }
      if (this.#session === session) listener.failed(new RapidaError('provider_unavailable', 'The session has ended'));
    } catch (error) {
      if (this.#session === session && !isAbort(error, signal)) listener.failed(RapidaError.from(error));
    }
  }
}

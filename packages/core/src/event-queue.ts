import { RapidaError } from './errors.js';

/** Events that nobody reads: more is a reader that hangs. Minutes of sound in chunks as vendors send them. */
export const EVENTS_WAITING_MAX = 8_192;

/**
 * Events written by one side and iterated, once, by the other. The iterator ends when the queue is closed, also with events
 * waiting, and throws a failure after what was written before it. `onEnd` is called once, whichever way it ends.
 */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  readonly #waitingMax: number;
  readonly #onEnd: () => void;
  #failure: RapidaError | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(onEnd: () => void, waitingMax = EVENTS_WAITING_MAX) {
    this.#onEnd = onEnd;
    this.#waitingMax = waitingMax;
  }

  /** Closed, or failed: nothing more is taken. */
  get ended(): boolean {
    return this.#ended;
  }

  push(event: T): void {
    if (this.#ended) return;
    if (this.#waiting.length >= this.#waitingMax) {
      return this.fail(new RapidaError('internal', `${this.#waitingMax} events were not read`));
    }
    this.#waiting.push(event);
    this.#rouse();
  }

  /** Lets go of what was not read yet and is not wanted any more. */
  forget(unwanted: (event: T) => boolean): void {
    const kept = this.#waiting.filter((event) => !unwanted(event));
    this.#waiting.splice(0, this.#waiting.length, ...kept);
  }

  /** Idempotent; the first failure is the one that is thrown. */
  fail(failure: RapidaError): void {
    if (this.#ended) return;
    this.#failure = failure;
    this.#end();
  }

  /** Idempotent. A failure that was not read yet is forgotten. */
  close(): void {
    this.#waiting.length = 0;
    this.#failure = undefined;
    this.#end();
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  async #next(): Promise<IteratorResult<T>> {
    for (;;) {
      const value = this.#waiting.shift();
      if (value !== undefined) return { done: false, value };
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure !== undefined) throw failure;
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #end(): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#onEnd();
    }
    this.#rouse();
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

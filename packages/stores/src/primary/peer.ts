import { type Clock, ERRORS, type ErrorCode, RapidaError, type Timer } from '@rapida/core';
import type { Wire, WireMessage } from './wire.js';

/** A database on the same machine answers within a few ms; whoever waits this long has a caller on the line. */
export const ASK_MS_MAX = 5_000;
/** Questions the other side has not answered, those nobody waits for any more among them: it is not buried while it is silent. */
export const ASKED_MAX = 2_000;
/** Messages that the other side has not taken: then it never will. */
export const UNSENT_MAX = 10_000;

/** What the other side may ask for by name: functions of their arguments, and nothing of what else an object has. */
export type Served = Readonly<Record<string, (...args: never[]) => unknown>>;

export interface PeerOptions {
  readonly wire: Wire;
  readonly clock: Clock;
  /** What went wrong while it was answered, with what the other side is not told. */
  readonly onFailure?: (error: unknown, what: { readonly part: string; readonly method: string }) => void;
}

interface Asked {
  /** Undefined when its time was over. */
  settle: ((answer: WireMessage | RapidaError) => void) | undefined;
}

/**
 * One of two processes that ask each other over a wire. What one side asks is begun on the other in the order in which it was
 * asked. Every question has a deadline; a failure keeps its code. When the wire is closed everything fails at once.
 */
export class Peer {
  /** Resolves when the other side is gone, or takes nothing any more. */
  readonly closed: Promise<void>;
  readonly #options: PeerOptions;
  readonly #asked = new Map<number, Asked>();
  readonly #served = new Map<string, Served>();
  #nextId = 0;
  #unsent = 0;
  #isClosed = false;
  #onClosed: () => void = () => {};

  constructor(options: PeerOptions) {
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#onClosed = resolve;
    });
    options.wire.receive({ onMessage: (message) => this.#onMessage(message), onClosed: () => this.close() });
  }

  /** Messages that the other side has not taken yet. */
  get unsent(): number {
    return this.#unsent;
  }

  /** What the other side may ask or tell from now on. */
  serve(part: string, served: Served): void {
    this.#served.set(part, served);
  }

  /** Fails with what the other side failed with, and with `store_failed` where it does not answer in time. */
  ask(part: string, method: string, args: readonly unknown[], timeoutMs: number = ASK_MS_MAX): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(gone());
    if (this.#asked.size >= ASKED_MAX)
      return Promise.reject(failed(`${ASKED_MAX} questions wait for another process.`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const asked: Asked = { settle: undefined };
      const timer: Timer = this.#options.clock.setTimer(timeoutMs, () => {
        // Still counted: the other side may have it before it.
        asked.settle = undefined;
        reject(failed(`Another process did not answer within ${timeoutMs} ms (${part}.${method}).`));
      });
      asked.settle = (answer) => {
        timer.cancel();
        if (answer instanceof RapidaError) reject(answer);
        else if (answer.kind === 'answer') resolve(answer.value);
        else if (answer.kind === 'failure') reject(toError(answer));
      };
      this.#asked.set(id, asked);
      this.#send({ kind: 'ask', id, part, method, args: [...args] }, (error) => {
        this.#asked.delete(id);
        asked.settle?.(error);
      });
    });
  }

  /** Nobody waits for it. It comes after everything that was asked or told before. */
  tell(part: string, method: string, args: readonly unknown[], onSent?: () => void): void {
    this.#send({ kind: 'tell', part, method, args: [...args] }, () => {}, onSent);
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { settle } of asked) settle?.(gone());
    this.#onClosed();
  }

  #send(message: WireMessage, onRefused: (error: RapidaError) => void, onSent: () => void = () => {}): void {
    if (this.#isClosed) return onSent();
    if (this.#unsent >= UNSENT_MAX) {
      this.close();
      return onSent();
    }
    this.#unsent++;
    try {
      this.#options.wire.send(message, () => {
        this.#unsent--;
        onSent();
      });
    } catch (error) {
      this.#unsent--;
      onRefused(new RapidaError('store_failed', 'It cannot be given to another process.', { cause: error }));
      onSent();
    }
  }

  #onMessage(message: WireMessage): void {
    if (this.#isClosed) return;
    if (message.kind === 'ask') return this.#answer(message.id, this.#run(message));
    if (message.kind === 'tell') return void this.#run(message).catch(() => {});
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    asked?.settle?.(message);
  }

  /** Begun before the next message is looked at. */
  async #run({ part, method, args }: Extract<WireMessage, { kind: 'ask' | 'tell' }>): Promise<unknown> {
    try {
      const served = this.#served.get(part);
      const serve = served !== undefined && Object.hasOwn(served, method) ? served[method] : undefined;
      if (serve === undefined) throw new RapidaError('internal', `Nobody serves ${part}.${method}.`);
      return await serve(...(args as never[]));
    } catch (error) {
      this.#options.onFailure?.(error, { part, method });
      throw error;
    }
  }

  #answer(id: number, answering: Promise<unknown>): void {
    const fail = (error: unknown): void => {
      const { code, message } = RapidaError.from(error);
      this.#send({ kind: 'failure', id, code, message }, () => {});
    };
    answering.then((value) => this.#send({ kind: 'answer', id, value }, fail), fail);
  }
}

function toError({ code, message }: Extract<WireMessage, { kind: 'failure' }>): RapidaError {
  return new RapidaError(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal', message);
}

function failed(message: string): RapidaError {
  return new RapidaError('store_failed', message);
}

function gone(): RapidaError {
  return failed('The other process is gone.');
}

import { FRAME_MS, RapidaError } from '@rapida/core';
import type { VendorSocket } from './vendor-socket.js';

/** Sound kept while a session is being opened, in frames: 10 s. What is older is dropped, and counted. */
export const SOUND_WAITING_MAX = 500;
/** Other messages kept meanwhile: a history and a few questions. */
export const WORDS_WAITING_MAX = 500;

interface Waiting {
  readonly message: string;
  readonly isSound: boolean;
}

/** What goes to the vendor of a realtime model: in order, kept until the session is ready, bounded. */
export class RealtimeOutbox {
  readonly #onDropped: (droppedMs: number) => void;
  readonly #onRefused: (failure: RapidaError) => void;
  readonly #waiting: Waiting[] = [];
  #soundWaiting = 0;
  #socket: VendorSocket | undefined;

  constructor(onDropped: (droppedMs: number) => void, onRefused: (failure: RapidaError) => void) {
    this.#onDropped = onDropped;
    this.#onRefused = onRefused;
  }

  word(message: object): void {
    this.#take({ message: JSON.stringify(message), isSound: false });
  }

  /** One frame. */
  sound(message: string): void {
    this.#take({ message, isSound: true });
  }

  /** The session is ready: what waited is sent, and everything from here on at once. */
  open(socket: VendorSocket): void {
    this.#socket = socket;
    this.#soundWaiting = 0;
    for (const waiting of this.#waiting.splice(0)) this.#send(socket, waiting);
  }

  /** Everything waits again. */
  shut(): void {
    this.#socket = undefined;
  }

  /** Idempotent; nothing is sent afterwards. */
  clear(): void {
    this.#socket = undefined;
    this.#waiting.length = 0;
    this.#soundWaiting = 0;
  }

  #take(waiting: Waiting): void {
    if (this.#socket !== undefined) return this.#send(this.#socket, waiting);
    this.#waiting.push(waiting);
    if (waiting.isSound) this.#soundWaiting++;
    if (this.#soundWaiting > SOUND_WAITING_MAX) {
      this.#waiting.splice(
        this.#waiting.findIndex(({ isSound }) => isSound),
        1,
      );
      this.#soundWaiting--;
      this.#onDropped(FRAME_MS);
    }
    if (this.#waiting.length - this.#soundWaiting <= WORDS_WAITING_MAX) return;
    this.#onRefused(
      new RapidaError('provider_unavailable', 'The provider has not taken what was written for too long'),
    );
  }

  /** Sound that is not taken is lost; the loss of anything else would confuse the session. */
  #send(socket: VendorSocket, { message, isSound }: Waiting): void {
    if (socket.send(message)) return;
    if (isSound) this.#onDropped(FRAME_MS);
    else this.#onRefused(new RapidaError('provider_unavailable', 'The provider does not take what is written'));
  }
}

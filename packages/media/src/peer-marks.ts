import type { MediaTransport } from '@rapida/core';

/** A mark per half second of sound is enough to notice a peer that fell behind. */
const MARK_EVERY_FRAMES = 25;
/** Marks that were not answered yet; with so many open the peer does not answer, and gets no more. */
const PENDING_MAX = 16;
/** A mark travels to the peer and back; a model that is ahead by no more than this is right. */
const TRAVEL_FRAMES_MAX = 5;

/** Compares what the peer says it has played with a model that plays one frame per frame time. */
export class PeerMarks {
  readonly #transport: MediaTransport;
  #count = 0;
  #sentFrames = 0;
  #markedFrames = 0;
  #pending: { readonly id: string; readonly sentFrames: number }[] = [];
  #holdFrames = 0;
  #skipFrames = 0;

  constructor(transport: MediaTransport) {
    this.#transport = transport;
  }

  sent(frames: number): void {
    this.#sentFrames += frames;
    if (this.#sentFrames - this.#markedFrames < MARK_EVERY_FRAMES || this.#pending.length >= PENDING_MAX) return;
    this.#markedFrames = this.#sentFrames;
    const id = `playout-${++this.#count}`;
    if (this.#transport.mark(id)) this.#pending.push({ id, sentFrames: this.#sentFrames });
  }

  /** The peer has played everything sent before the mark; `inFlightFrames` is what the model thinks it has not played. */
  reached(id: string, inFlightFrames: number): void {
    const index = this.#pending.findIndex((mark) => mark.id === id);
    const mark = this.#pending[index];
    if (mark === undefined) return;
    this.#pending.splice(0, index + 1);
    const aheadFrames = this.#sentFrames - inFlightFrames - mark.sentFrames;
    this.#skipFrames = Math.max(0, -aheadFrames);
    this.#holdFrames = Math.max(0, aheadFrames - TRAVEL_FRAMES_MAX);
  }

  /** How many frames the model plays in the frame time that begins: 1, unless a mark said otherwise. */
  framesNow(): number {
    if (this.#holdFrames > 0) {
      this.#holdFrames--;
      return 0;
    }
    const frames = 1 + this.#skipFrames;
    this.#skipFrames = 0;
    return frames;
  }

  /** By the model the peer has nothing left: the next sound begins with both in step. */
  idle(): void {
    this.#holdFrames = 0;
    this.#skipFrames = 0;
  }

  /** The peer was flushed: no mark will come for what it held. */
  forget(): void {
    this.idle();
    this.#pending = [];
    this.#sentFrames = 0;
    this.#markedFrames = 0;
  }
}

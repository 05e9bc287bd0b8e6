import { type PlayoutListener, RATE_HZ } from '@rapida/core';
import { Utterance } from './utterance.js';

/** Utterances that may wait in one line; one more finishes at once as cut. */
export const UTTERANCES_MAX = 256;

const msOf = (samples: number): number => (samples * 1000) / RATE_HZ;

export interface LineOptions {
  readonly listener: PlayoutListener;
  /** Sound that may wait, in ms. Memory for it: 32 bytes per ms, and at most 16 kB more per utterance. */
  readonly queuedMsMax: number;
}

/**
 * The utterances of one call in the order in which they are heard. Frames are taken to be sent, then played; in between
 * they are in flight. Knows nothing of time and wire. The listener is called from `play`, `settle`, `dropAll`, and from a
 * `begin` that is refused; it may call back into the line.
 */
export class UtteranceLine {
  readonly #options: LineOptions;
  readonly #line: Utterance[] = [];
  #lastId = Number.NEGATIVE_INFINITY;
  #queuedSamples = 0;
  #inFlightFrames = 0;
  #closed = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get queuedMs(): number {
    return msOf(this.#queuedSamples);
  }

  get inFlightFrames(): number {
    return this.#inFlightFrames;
  }

  /** True when the utterance whose turn it is was heard in part, and the rest of it is late. */
  get isStarved(): boolean {
    const head = this.#line[0];
    if (head === undefined || head.ended || head.playedFrames === 0) return false;
    return head.playedFrames === head.readyFrames;
  }

  /** RangeError for an id that has not grown: it could not be told from another utterance. */
  begin(id: number): void {
    if (!(id > this.#lastId)) throw new RangeError(`utterance ${id} after ${this.#lastId}`);
    this.#lastId = id;
    if (this.#closed || this.#line.length >= UTTERANCES_MAX) {
      this.#options.listener.onFinished(id, { playedMs: 0, cut: true });
    } else {
      this.#line.push(new Utterance(id));
    }
  }

  write(id: number, samples: Int16Array): boolean {
    const utterance = this.#find(id);
    if (utterance === undefined || utterance.ended) return false;
    if (msOf(this.#queuedSamples + samples.length) > this.#options.queuedMsMax) return false;
    utterance.append(samples);
    this.#queuedSamples += samples.length;
    return true;
  }

  end(id: number): void {
    const utterance = this.#find(id);
    if (utterance !== undefined) utterance.ended = true;
  }

  playedMs(id: number): number {
    return msOf(this.#find(id)?.playedSamples ?? 0);
  }

  /** The next frame to send, or undefined when the utterance whose turn it is has none ready. A view; it stays as it is. */
  take(): Int16Array | undefined {
    const utterance = this.#toTakeFrom();
    if (utterance === undefined || utterance.takenFrames >= utterance.readyFrames) return undefined;
    this.#inFlightFrames++;
    return utterance.frame(utterance.takenFrames++);
  }

  /** What `take` would give, or the unfinished frame behind it: not to be sent, and not to be kept. */
  peek(): Int16Array | undefined {
    const utterance = this.#toTakeFrom();
    return utterance?.frame(utterance.takenFrames);
  }

  /** The frames taken last are to be taken again. */
  putBack(frames: number): void {
    let left = Math.min(frames, this.#inFlightFrames);
    this.#inFlightFrames -= left;
    for (let i = this.#line.length - 1; i >= 0 && left > 0; i--) {
      const utterance = this.#line[i];
      if (utterance === undefined) continue;
      const count = Math.min(left, utterance.takenFrames - utterance.playedFrames);
      utterance.takenFrames -= count;
      left -= count;
    }
  }

  /** The oldest frame in flight begins to be heard. Returns its samples; undefined when none is in flight. */
  play(atMs: number): Int16Array | undefined {
    const utterance = this.#line.find((candidate) => candidate.playedFrames < candidate.takenFrames);
    if (utterance === undefined) return undefined;
    this.#inFlightFrames--;
    const beforeSamples = utterance.playedSamples;
    const samples = utterance.play();
    this.#queuedSamples -= utterance.playedSamples - beforeSamples;
    if (utterance.playedFrames === 1) this.#options.listener.onStarted(utterance.id, atMs);
    return samples;
  }

  /** Finishes what was heard to its end. Called when a frame time has passed since the last `play`. */
  settle(): void {
    for (let head = this.#line[0]; head?.isPlayedOut === true; head = this.#line[0]) {
      this.#line.shift();
      this.#options.listener.onFinished(head.id, { playedMs: msOf(head.playedSamples), cut: false });
    }
  }

  /** Finishes everything, in order; what was heard to its end is not cut. */
  dropAll(): void {
    const dropped = this.#line.splice(0);
    this.#queuedSamples = 0;
    this.#inFlightFrames = 0;
    for (const utterance of dropped) {
      const playedMs = msOf(utterance.playedSamples);
      this.#options.listener.onFinished(utterance.id, { playedMs, cut: !utterance.isPlayedOut });
    }
  }

  /** `dropAll`, and nothing is taken in any more. */
  close(): void {
    this.#closed = true;
    this.dropAll();
  }

  #find(id: number): Utterance | undefined {
    return this.#line.find((utterance) => utterance.id === id);
  }

  /** The first utterance that has frames left to take, or may still get some. */
  #toTakeFrom(): Utterance | undefined {
    return this.#line.find((utterance) => !utterance.ended || utterance.takenFrames < utterance.readyFrames);
  }
}

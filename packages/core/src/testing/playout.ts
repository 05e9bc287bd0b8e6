import type { Clock, Timer } from '../clock.js';
import { FRAME_MS, FRAME_SAMPLES } from '../frame.js';
import type { Playout, PlayoutListener, PlayoutResult } from '../playout.js';

interface Utterance {
  readonly id: number;
  samples: number;
  played: number;
  ended: boolean;
  started: boolean;
}

/** A playout with no leg behind it: plays 20 ms every 20 ms, and remembers what it reported. */
export class SilentPlayout implements Playout {
  readonly finished: { readonly id: number; readonly result: PlayoutResult }[] = [];
  readonly begun: number[] = [];
  /** Frames of sound that were played: what the caller hears, 20 ms each. */
  framesPlayed = 0;
  paused = false;
  readonly #clock: Clock;
  readonly #listener: PlayoutListener;
  readonly #line: Utterance[] = [];
  #timer: Timer | undefined;
  #closed = false;
  #lastId = Number.NEGATIVE_INFINITY;
  #dueMs = 0;

  constructor(clock: Clock, listener: PlayoutListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  begin(id: number): void {
    if (!(id > this.#lastId)) throw new RangeError(`utterance ${id} after ${this.#lastId}`);
    this.#lastId = id;
    if (this.#closed) return;
    this.begun.push(id);
    this.#line.push({ id, samples: 0, played: 0, ended: false, started: false });
  }

  write(id: number, samples: Int16Array): boolean {
    const utterance = this.#line.find((one) => one.id === id);
    if (utterance === undefined || utterance.ended) return false;
    utterance.samples += samples.length;
    this.#run();
    return true;
  }

  end(id: number): void {
    const utterance = this.#line.find((one) => one.id === id);
    if (utterance === undefined) return;
    utterance.ended = true;
    this.#run();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#run();
  }

  cut(): void {
    for (const utterance of this.#line.splice(0)) this.#finish(utterance, true);
  }

  playedMs(id: number): number {
    return msOf(this.#line.find((one) => one.id === id)?.played ?? 0);
  }

  get queuedMs(): number {
    return this.#line.reduce((sum, one) => sum + msOf(one.samples - one.played), 0);
  }

  close(): void {
    this.cut();
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #run(): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#dueMs = this.#clock.nowMs();
    this.#tick();
  }

  #tick(): void {
    this.#timer = undefined;
    if (this.paused || this.#closed) return;
    const head = this.#line[0];
    if (head === undefined) return;
    if (head.played < head.samples) this.#play(head);
    else if (head.ended) {
      this.#line.shift();
      this.#finish(head, false);
      this.#tick();
      return;
    }
    this.#dueMs += FRAME_MS;
    this.#timer = this.#clock.setTimer(this.#dueMs - this.#clock.nowMs(), () => this.#tick());
  }

  #play(head: Utterance): void {
    if (!head.started) {
      head.started = true;
      this.#listener.onStarted(head.id, this.#clock.nowMs());
    }
    this.framesPlayed++;
    head.played = Math.min(head.samples, head.played + FRAME_SAMPLES);
  }

  #finish(utterance: Utterance, cut: boolean): void {
    const result = {
      playedMs: msOf(utterance.played),
      cut: cut && !(utterance.ended && utterance.played >= utterance.samples),
    };
    this.finished.push({ id: utterance.id, result });
    this.#listener.onFinished(utterance.id, result);
  }
}

function msOf(samples: number): number {
  return (samples / FRAME_SAMPLES) * FRAME_MS;
}

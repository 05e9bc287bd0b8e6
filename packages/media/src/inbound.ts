import { Framer, Resampler } from '@rapida/audio';
import { type AudioFrame, type Clock, FRAME_SAMPLES, type MediaListener, RATE_HZ } from '@rapida/core';

/** A phone that sent nothing for so long was silent (hold, silence suppression); less is jitter. */
const GAP_MS_MAX = 100;
/** What arrives before `start`: 2 s of frames and as many keys as fit. */
export const EARLY_EVENTS_MAX = 100;

/** What the caller does, on its way to the one listener: any rate and any chunking in, frames on one timeline out. */
export class Inbound {
  readonly #clock: Clock;
  readonly #framer = new Framer(FRAME_SAMPLES);
  /** One per rate the peer has used; the protocols know eleven at most. */
  readonly #resamplers = new Map<number, Resampler>();
  #rateHz = 0;
  #listener: MediaListener | undefined;
  /** Oldest first, dropped from there. */
  readonly #early: (AudioFrame | string)[] = [];
  #earlyDropped = 0;
  /** Where the next frame begins. */
  #frameMs = Number.NEGATIVE_INFINITY;
  /** Where the next sample that arrives belongs. */
  #endMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Frames and keys that were dropped because `start` came too late. */
  get earlyDropped(): number {
    return this.#earlyDropped;
  }

  /** Delivers what came before, in order. Throws when called twice: two owners of one call is a mistake in the program. */
  start(listener: MediaListener): void {
    if (this.#listener !== undefined) throw new Error('the transport was started already');
    this.#listener = listener;
    for (const event of this.#early.splice(0)) this.#deliver(event);
  }

  /** The samples are not kept. RangeError for a rate that cannot be resampled. */
  audio(samples: Int16Array, rateHz: number): void {
    const durationMs = (samples.length * 1000) / rateHz;
    const beganMs = this.#clock.nowMs() - durationMs;
    const resampler = this.#resamplerFor(rateHz);
    if (beganMs - this.#endMs > GAP_MS_MAX) {
      this.#framer.flush(this.#onFrame);
      resampler.reset();
      this.#frameMs = beganMs;
      this.#endMs = beganMs;
    }
    this.#endMs += durationMs;
    const heard = resampler.process(samples); // fresh: it may become a frame as it is
    if (heard.length === FRAME_SAMPLES && this.#framer.heldSamples === 0) this.#onFrame(heard);
    else this.#framer.push(heard, this.#onFrame);
  }

  dtmf(digit: string): void {
    this.#emit(digit.toUpperCase());
  }

  mark(id: string): void {
    this.#listener?.onMark?.(id);
  }

  flow(flow: 'stop' | 'go'): void {
    this.#listener?.onFlow?.(flow);
  }

  readonly #onFrame = (samples: Int16Array): void => {
    const atMs = this.#frameMs;
    this.#frameMs += (FRAME_SAMPLES * 1000) / RATE_HZ;
    this.#emit({ samples, atMs });
  };

  #emit(event: AudioFrame | string): void {
    if (this.#listener !== undefined) return this.#deliver(event);
    if (this.#early.length >= EARLY_EVENTS_MAX) {
      this.#early.shift();
      this.#earlyDropped++;
    }
    this.#early.push(event);
  }

  #deliver(event: AudioFrame | string): void {
    if (typeof event === 'string') this.#listener?.onDtmf(event);
    else this.#listener?.onFrame(event);
  }

  #resamplerFor(rateHz: number): Resampler {
    const resampler = this.#resamplers.get(rateHz) ?? new Resampler({ fromHz: rateHz, toHz: RATE_HZ });
    this.#resamplers.set(rateHz, resampler);
    if (rateHz !== this.#rateHz) resampler.reset();
    this.#rateHz = rateHz;
    return resampler;
  }
}

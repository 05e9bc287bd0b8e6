import { fadeOut } from '@rapida/audio';
import { FRAME_SAMPLES, RATE_HZ } from '@rapida/core';
import { type MediaPlayout, type PlayoutOptions, QUEUED_MS_MAX } from './media-playout.js';
import { UtteranceLine } from './utterance-line.js';

/** Speech that stops from one sample to the next clicks; 8 ms of fading is not heard as such. */
const FADE_MS = 8;
const FADE_SAMPLES = (FADE_MS * RATE_HZ) / 1000;

const SILENCE = new Int16Array(FRAME_SAMPLES);

/**
 * For a peer that plays what it gets when it gets it: sends one frame per frame time from its making until `close`,
 * silence when there is nothing to say.
 *
 * Sound is encoded when it is sent, not when it is written: the resampler then hears exactly what the caller hears, so
 * pauses, cuts and the seams between utterances cannot leave a rest of other sound in it, a long text does not hold up
 * the other calls while it is encoded, and a change of the wire's rate concerns nothing that waits.
 */
export function createLocalPlayout(options: PlayoutOptions): MediaPlayout {
  return new LocalPlayout(options);
}

class LocalPlayout implements MediaPlayout {
  readonly #options: PlayoutOptions;
  readonly #line: UtteranceLine;
  readonly #member: { remove(): void };
  #paused = false;
  /** What the last frame was. After sound, faded or not, the resampler still holds the end of it. */
  #last: 'sound' | 'faded' | 'silence' = 'silence';
  #starved = false;
  /** The end of what was playing, to be sent instead of the next frame; it does not count as played. */
  #fade: Int16Array | undefined;

  constructor(options: PlayoutOptions) {
    const { listener, queuedMsMax = QUEUED_MS_MAX, ticker, clock } = options;
    this.#options = options;
    this.#line = new UtteranceLine({ listener, queuedMsMax });
    this.#member = ticker.add((dueMs) => this.#tick(dueMs));
    this.#tick(clock.nowMs());
  }

  get queuedMs(): number {
    return this.#line.queuedMs;
  }

  begin(id: number): void {
    this.#line.begin(id);
  }

  write(id: number, samples: Int16Array): boolean {
    return this.#line.write(id, samples);
  }

  end(id: number): void {
    this.#line.end(id);
  }

  playedMs(id: number): number {
    return this.#line.playedMs(id);
  }

  pause(): void {
    if (this.#paused || this.#line.closed) return;
    this.#paused = true;
    this.#prepareFade();
  }

  resume(): void {
    this.#paused = false;
    this.#fade = undefined;
  }

  /** Ends a pause too: there is nothing left to resume. */
  cut(): void {
    if (!this.#paused) this.#prepareFade();
    this.#paused = false;
    this.#line.dropAll();
  }

  close(): void {
    this.#member.remove();
    this.#line.close();
  }

  onMark(): void {}

  onFlow(): void {}

  #tick(dueMs: number): void {
    this.#line.settle();
    if (this.#line.closed) return; // by the listener
    const samples = this.#sendNext() ?? SILENCE;
    if (samples === SILENCE) this.#sendSilence();
    this.#options.tap?.(samples, dueMs);
  }

  /** The sound that was sent, or undefined when there is none. */
  #sendNext(): Int16Array | undefined {
    const fade = this.#fade;
    if (fade !== undefined) {
      this.#fade = undefined;
      return this.#send(fade, 'faded') ? fade : undefined;
    }
    if (this.#paused) return undefined;
    const samples = this.#line.take();
    if (samples === undefined) {
      this.#watchStarving();
      return undefined;
    }
    this.#starved = false;
    if (this.#send(samples, 'sound')) return this.#line.play(this.#options.clock.nowMs());
    this.#line.putBack(1); // not heard, so not played: it is tried again
    return undefined;
  }

  #send(samples: Int16Array, as: 'sound' | 'faded'): boolean {
    this.#last = as;
    const { transport } = this.#options;
    let isSent = true;
    for (const frame of transport.encode(samples)) isSent = transport.send(frame) && isSent;
    return isSent;
  }

  #sendSilence(): void {
    const { transport } = this.#options;
    // The first silence goes through the resampler, which gives the end of the sound with it.
    if (this.#last !== 'silence') for (const frame of transport.encode(SILENCE)) transport.send(frame);
    else transport.send(transport.silence);
    this.#last = 'silence';
  }

  #prepareFade(): void {
    const next = this.#last === 'sound' ? this.#line.peek() : undefined;
    if (next === undefined) return;
    this.#fade = new Int16Array(FRAME_SAMPLES);
    this.#fade.set(fadeOut(next.subarray(0, FADE_SAMPLES), { rateHz: RATE_HZ, ms: FADE_MS }));
  }

  #watchStarving(): void {
    if (!this.#line.isStarved || this.#starved) return;
    this.#starved = true;
    this.#options.telemetry.count('rapida_playout_underruns_total');
  }
}

import { FRAME_MS, FRAME_SAMPLES } from '@rapida/core';
import { type MediaPlayout, type PlayoutOptions, QUEUED_MS_MAX } from './media-playout.js';
import { PeerMarks } from './peer-marks.js';
import { UtteranceLine } from './utterance-line.js';

/** What Asterisk may have queued: enough for a stall of ours, and not more than is cheap to send again after a pause. */
export const AHEAD_FRAMES_MAX = 15;
/** Sending begins again when so little is left, so that a message holds about 100 ms. */
const TOP_UP_BELOW_FRAMES = 11;

const SILENCE = new Int16Array(FRAME_SAMPLES);

/**
 * For a peer that queues and paces what it is sent. What is being heard is known from a model: the peer begins with the
 * first tick after it was sent something and plays one frame per frame time, as ours and Asterisk's clocks agree to far
 * less than a frame within one queue's length. Where the peer reports marks, the model is corrected by them.
 *
 * Encoded when sent, in the order in which it is heard; after a flush the resampler begins anew.
 */
export function createPeerPlayout(options: PlayoutOptions): MediaPlayout {
  return new PeerPlayout(options);
}

class PeerPlayout implements MediaPlayout {
  readonly #options: PlayoutOptions;
  readonly #line: UtteranceLine;
  readonly #marks: PeerMarks;
  readonly #member: { remove(): void };
  #paused = false;
  #flow: 'stop' | 'go' = 'go';
  #starved = false;
  /** `stale`: the resampler holds the end of sound that the caller does not hear before the next frame. */
  #encoder: 'in_step' | 'stale' = 'in_step';
  #tickedMs: number;

  constructor(options: PlayoutOptions) {
    const { listener, queuedMsMax = QUEUED_MS_MAX, ticker, clock, transport } = options;
    this.#options = options;
    this.#line = new UtteranceLine({ listener, queuedMsMax });
    this.#marks = new PeerMarks(transport);
    this.#tickedMs = clock.nowMs();
    this.#member = ticker.add((dueMs) => this.#tick(dueMs));
  }

  get queuedMs(): number {
    return this.#line.queuedMs;
  }

  begin(id: number): void {
    this.#line.begin(id);
  }

  /** The first sound after silence is sent before this returns. */
  write(id: number, samples: Int16Array): boolean {
    const isKept = this.#line.write(id, samples);
    if (isKept && this.#line.inFlightFrames === 0) this.#topUp();
    return isKept;
  }

  end(id: number): void {
    this.#line.end(id);
    if (this.#line.inFlightFrames === 0) this.#topUp();
  }

  playedMs(id: number): number {
    return this.#line.playedMs(id);
  }

  pause(): void {
    if (this.#paused || this.#line.closed) return;
    this.#paused = true;
    this.#flush();
  }

  resume(): void {
    if (!this.#paused || this.#line.closed) return;
    this.#paused = false;
    this.#topUp();
  }

  /** Ends a pause too: there is nothing left to resume. */
  cut(): void {
    if (!this.#paused && !this.#line.closed) this.#flush();
    this.#paused = false;
    this.#line.dropAll();
  }

  close(): void {
    this.cut();
    this.#member.remove();
    this.#line.close();
  }

  onMark(id: string): void {
    this.#marks.reached(id, this.#line.inFlightFrames);
  }

  onFlow(flow: 'stop' | 'go'): void {
    this.#flow = flow;
  }

  #flush(): void {
    this.#options.transport.clear();
    this.#marks.forget();
    this.#line.putBack(this.#line.inFlightFrames);
    this.#encoder = 'stale';
    this.#flow = 'go'; // an empty queue is not full
  }

  #tick(dueMs: number): void {
    // The ticker leaves out what a long stall has made pointless, but the peer went on playing.
    while (this.#line.inFlightFrames > 0 && this.#tickedMs + FRAME_MS * 1.5 < dueMs) {
      this.#step(this.#tickedMs + FRAME_MS);
    }
    this.#step(dueMs);
    if (!this.#line.closed) this.#topUp();
  }

  /** One frame time passes at the peer. */
  #step(atMs: number): void {
    this.#tickedMs = atMs;
    this.#line.settle();
    const samples = this.#line.inFlightFrames > 0 ? this.#play(atMs) : undefined;
    if (this.#line.closed) return; // by the listener
    if (this.#line.inFlightFrames === 0 && samples === undefined) this.#rest();
    this.#options.tap?.(samples ?? SILENCE, atMs);
  }

  #play(atMs: number): Int16Array | undefined {
    let samples: Int16Array | undefined;
    for (let frames = this.#marks.framesNow(); frames > 0; frames--) samples = this.#line.play(atMs) ?? samples;
    return samples;
  }

  /** The peer has nothing to play in this frame time. */
  #rest(): void {
    this.#encoder = 'stale';
    this.#marks.idle();
    if (this.#paused || this.#starved || !this.#line.isStarved) return;
    this.#starved = true;
    this.#options.telemetry.count('rapida_playout_underruns_total');
  }

  #topUp(): void {
    const inFlight = this.#line.inFlightFrames;
    if (this.#paused || this.#flow === 'stop' || inFlight >= TOP_UP_BELOW_FRAMES) return;
    const frames: Int16Array[] = [];
    while (inFlight + frames.length < AHEAD_FRAMES_MAX) {
      const samples = this.#line.take();
      if (samples === undefined) break;
      frames.push(samples);
    }
    if (frames.length === 0) return;
    this.#starved = false;
    if (this.#options.transport.send(this.#encode(frames))) {
      this.#marks.sent(frames.length);
    } else {
      this.#line.putBack(frames.length);
      this.#encoder = 'stale';
    }
  }

  #encode(frames: readonly Int16Array[]): Uint8Array {
    const { transport } = this.#options;
    if (this.#encoder === 'stale') transport.encode(SILENCE);
    this.#encoder = 'in_step';
    return Buffer.concat(frames.flatMap((samples) => transport.encode(samples)));
  }
}

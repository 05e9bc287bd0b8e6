import { rateForKind } from './kinds.js';

export interface ReceivedFrame {
  readonly atMs: number;
  readonly kind: number;
  readonly payloadBytes: number;
  /**
   * Audio only: Asterisk neither paces nor buffers nor cuts, so every frame is one RTP packet of this length, sent at
   * `atMs`. Phones play packets of 20 ms that come every 20 ms.
   */
  readonly rtpMs?: number;
}

/** What a server sent, for tests and simulators: the first `framesMax` frames in full, all of them as counts. */
export class ReceivedLog {
  readonly frames: ReceivedFrame[] = [];
  framesIn = 0;
  bytesIn = 0;
  audioFrames = 0;
  /** Audio frames that are not exactly 20 ms of whole samples. */
  notTwentyMs = 0;
  /** Frames this Asterisk ignores with a warning in its log. */
  warnings = 0;
  readonly #framesMax: number;

  constructor(framesMax: number) {
    this.#framesMax = framesMax;
  }

  add(atMs: number, kind: number, payloadBytes: number): void {
    const rateHz = rateForKind(kind);
    this.framesIn++;
    this.bytesIn += payloadBytes;
    if (rateHz !== undefined) {
      this.audioFrames++;
      if (payloadBytes * 50 !== rateHz * 2) this.notTwentyMs++;
    }
    if (this.frames.length >= this.#framesMax) return;
    if (rateHz === undefined) this.frames.push({ atMs, kind, payloadBytes });
    else this.frames.push({ atMs, kind, payloadBytes, rtpMs: ((payloadBytes >> 1) * 1000) / rateHz });
  }
}

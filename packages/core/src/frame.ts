/**
 * The one audio format inside: mono, signed 16 bit, 16 kHz, frames of 20 ms. Bytes become frames at one edge and bytes
 * again at the other.
 */
export const RATE_HZ = 16_000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1000;

export interface AudioFrame {
  /** Exactly {@link FRAME_SAMPLES}. Nobody writes to it after the frame was created, so it may be kept and shared. */
  readonly samples: Int16Array;
  /** Position on the caller's audio timeline in ms (samples counted, moved forward over gaps), on the injected clock's scale. */
  readonly atMs: number;
}

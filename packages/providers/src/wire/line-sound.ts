import { encodeUlaw, pcm16ToBytes, Resampler } from '@rapida/audio';
import { type AudioFrame, FRAME_MS, RATE_HZ } from '@rapida/core';

/** How a vendor is sent the caller's sound: what was on an 8 kHz line goes out as such, in half or a third of the bytes. */
export type LineEncoding = 'ulaw-8000' | 'pcm-16000' | 'pcm-24000';

const RATES_HZ = { 'ulaw-8000': 8_000, 'pcm-16000': 16_000, 'pcm-24000': 24_000 } as const;

/** Frames as a vendor's bytes, for one stream: the resampler carries its state over all of them. Little-endian where it is linear. */
export class LineSound {
  readonly rateHz: number;
  readonly #resampler: Resampler;
  readonly #samples: Int16Array;
  readonly #bytes: Uint8Array;
  readonly #isUlaw: boolean;

  constructor(encoding: LineEncoding) {
    this.rateHz = RATES_HZ[encoding];
    this.#isUlaw = encoding === 'ulaw-8000';
    this.#resampler = new Resampler({ fromHz: RATE_HZ, toHz: this.rateHz });
    const samples = (this.rateHz * FRAME_MS) / 1_000;
    this.#samples = new Int16Array(samples);
    this.#bytes = new Uint8Array(this.#isUlaw ? samples : 2 * samples);
  }

  /** Length of a frame in bytes. */
  get frameBytes(): number {
    return this.#bytes.length;
  }

  /** Our own bytes, written anew by the next frame. */
  encode(frame: AudioFrame): Uint8Array {
    const samples = this.#resampler.process(frame.samples, this.#samples);
    return this.#isUlaw ? encodeUlaw(samples, this.#bytes) : pcm16ToBytes(samples, this.#bytes);
  }
}

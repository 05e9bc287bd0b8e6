import { encodeUlaw, pcm16ToBytes, Resampler } from '@rapida/audio';
import { type AudioFrame, FRAME_SAMPLES, RATE_HZ } from '@rapida/core';

const PHONE_RATE_HZ = 8_000;

/** How the caller's sound is sent. */
export interface SoundCoding {
  readonly encoding: 'mulaw' | 'linear16';
  readonly rateHz: number;
}

/**
 * Frames as a vendor that takes both codings is sent them: mu-law of 8 kHz where the phone line has no more, a quarter of the bytes and
 * nothing lost by it; else linear PCM of 16 kHz, little-endian. Of one stream: it carries the state of the resampler, 2.5 ms.
 */
export class CallerSound {
  readonly coding: SoundCoding;
  readonly #resampler: Resampler | undefined;
  readonly #narrow = new Int16Array((FRAME_SAMPLES * PHONE_RATE_HZ) / RATE_HZ);

  constructor(lineRateHz: number) {
    const isPhone = lineRateHz <= PHONE_RATE_HZ;
    this.coding = isPhone ? { encoding: 'mulaw', rateHz: PHONE_RATE_HZ } : { encoding: 'linear16', rateHz: RATE_HZ };
    if (isPhone) this.#resampler = new Resampler({ fromHz: RATE_HZ, toHz: PHONE_RATE_HZ });
  }

  /** Fresh bytes: they wait to be sent. */
  encode({ samples }: AudioFrame): Uint8Array {
    if (this.#resampler === undefined) return pcm16ToBytes(samples);
    return encodeUlaw(this.#resampler.process(samples, this.#narrow));
  }
}

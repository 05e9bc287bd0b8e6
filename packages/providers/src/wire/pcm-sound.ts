import { bytesToPcm16, Resampler, silence } from '@rapida/audio';
import { RATE_HZ } from '@rapida/core';
import type { PieceSound } from './spoken-pieces.js';

/**
 * Little-endian mono PCM of any resampler rate on its way to 16 kHz, cut anywhere: a sample's two bytes may come in two chunks. The
 * arrays are fresh. One stream each.
 */
export class PcmSound {
  readonly #rateHz: number;
  readonly #resampler: Resampler;
  #odd = new Uint8Array(0);

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
    this.#resampler = new Resampler({ fromHz: rateHz, toHz: RATE_HZ });
  }

  push(chunk: Uint8Array): Int16Array {
    const bytes = this.#odd.length === 0 ? chunk : Buffer.concat([this.#odd, chunk]);
    this.#odd = Uint8Array.from(bytes.subarray(bytes.length & ~1));
    return this.#resampler.process(bytesToPcm16(bytes));
  }

  /** What the filter still holds of the sound; half a sample is left out. */
  end(): Int16Array {
    return runOut(this.#resampler, this.#rateHz);
  }
}

/** A body of PCM as it arrives. */
export async function* pcmSound(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  rateHz: number,
): AsyncGenerator<PieceSound> {
  const sound = new PcmSound(rateHz);
  for await (const chunk of body) {
    const samples = sound.push(chunk);
    if (samples.length > 0) yield { type: 'audio', samples };
  }
  const tail = sound.end();
  if (tail.length > 0) yield { type: 'audio', samples: tail };
}

/** Sound that is there as a whole. */
export function wholeSound(samples: Int16Array, rateHz: number): Int16Array {
  const resampler = new Resampler({ fromHz: rateHz, toHz: RATE_HZ });
  const body = resampler.process(samples);
  const tail = runOut(resampler, rateHz);
  const whole = new Int16Array(body.length + tail.length);
  whole.set(body);
  whole.set(tail, body.length);
  return whole;
}

function runOut(resampler: Resampler, fromHz: number): Int16Array {
  return resampler.process(silence(Math.ceil((resampler.delaySamples * fromHz) / RATE_HZ)));
}

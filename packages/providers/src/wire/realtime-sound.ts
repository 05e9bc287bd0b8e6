import { bytesToPcm16, decodeUlaw, encodeUlaw, pcm16ToBytes, Resampler } from '@rapida/audio';
import { FRAME_SAMPLES, RATE_HZ } from '@rapida/core';

/** How sound is written inside the JSON of a realtime model. */
export type RealtimeCodec = { readonly kind: 'ulaw' } | { readonly kind: 'pcm'; readonly rateHz: number };

const ULAW_HZ = 8_000;

/** The caller's frames, as base64. Buffers are its own and used anew for every frame. */
export class RealtimeEncoder {
  readonly #codec: RealtimeCodec;
  readonly #resampler: Resampler;
  readonly #samples: Int16Array;
  readonly #bytes: Buffer;

  constructor(codec: RealtimeCodec) {
    const rateHz = codec.kind === 'ulaw' ? ULAW_HZ : codec.rateHz;
    this.#codec = codec;
    this.#resampler = new Resampler({ fromHz: RATE_HZ, toHz: rateHz });
    this.#samples = new Int16Array(Math.ceil((FRAME_SAMPLES * rateHz) / RATE_HZ) + 1);
    this.#bytes = Buffer.alloc(this.#samples.length * 2);
  }

  /** What follows begins a new stretch of sound. */
  reset(): void {
    this.#resampler.reset();
  }

  encode(frame: Int16Array): string {
    const samples = this.#resampler.process(frame, this.#samples);
    const bytes = this.#codec.kind === 'ulaw' ? encodeUlaw(samples, this.#bytes) : pcm16ToBytes(samples, this.#bytes);
    return this.#bytes.toString('base64', 0, bytes.length);
  }
}

/** The model's sound, from base64 to samples of ours. */
export class RealtimeDecoder {
  readonly #codec: RealtimeCodec;
  readonly #resampler: Resampler;
  /** The first half of a sample whose other half comes with the next piece. */
  #half: number | undefined;

  constructor(codec: RealtimeCodec) {
    this.#codec = codec;
    this.#resampler = new Resampler({ fromHz: codec.kind === 'ulaw' ? ULAW_HZ : codec.rateHz, toHz: RATE_HZ });
  }

  reset(): void {
    this.#half = undefined;
    this.#resampler.reset();
  }

  /** A fresh array; empty where the piece is no whole sample. */
  decode(base64: string): Int16Array {
    const bytes = Buffer.from(base64, 'base64');
    return this.#resampler.process(this.#codec.kind === 'ulaw' ? decodeUlaw(bytes) : this.#pcm(bytes));
  }

  #pcm(bytes: Buffer): Int16Array {
    const all = this.#half === undefined ? bytes : Buffer.concat([Buffer.of(this.#half), bytes]);
    this.#half = all.length % 2 === 0 ? undefined : all[all.length - 1];
    return bytesToPcm16(all.subarray(0, all.length - (all.length % 2)));
  }
}

import { FRAME_SAMPLES, RATE_HZ } from '@rapida/core';

/** Half a second: what goes to disk at once. */
export const CHUNK_SAMPLES = RATE_HZ / 2;
/** Two seconds (128 kB): how far one side may lag behind the other and still be put beside it. */
const WINDOW_CHUNKS = 4;
/** 2.8 GB; a WAV file ends at 4. */
const RECORDED_SAMPLES_MAX = 12 * 3600 * RATE_HZ;
const CHANNELS = 2;
const SAMPLE_BYTES = 2;
export const BLOCK_BYTES = CHANNELS * SAMPLE_BYTES;

export type Side = 'left' | 'right';

/** Receives interleaved little-endian samples and is their owner; what is never emitted was silence on both sides. */
export type EmitChunk = (bytes: Uint8Array, atSample: number) => void;

/** Lays two sides that arrive at their own pace beside each other on one timeline, half a second at a time. */
export class StereoWindow {
  readonly #emit: EmitChunk;
  /** The chunks of the window; a missing one holds silence so far. */
  readonly #chunks: (Uint8Array | undefined)[] = new Array(WINDOW_CHUNKS);
  #firstChunk = 0;
  readonly #ends = { left: 0, right: 0 };

  constructor(emit: EmitChunk) {
    this.#emit = emit;
  }

  /** Length of the recording so far. */
  get samples(): number {
    return Math.max(this.#ends.left, this.#ends.right);
  }

  /**
   * Puts `samples` to where they belong; the sample before 0 of them are not kept. What is out of place by less than a
   * frame joins what came before, so that jitter makes neither clicks nor gaps. Returns how many samples were dropped:
   * they were too old, said twice, or behind the end of the longest recording.
   */
  write(side: Side, atSample: number, samples: Int16Array): number {
    const end = this.#ends[side];
    const at = Math.abs(atSample - end) < FRAME_SAMPLES ? end : atSample;
    if (at < 0) return this.write(side, 0, samples.subarray(Math.min(samples.length, -at)));
    if (at < end || at + samples.length > RECORDED_SAMPLES_MAX) return samples.length;
    let dropped = 0;
    for (let read = 0; read < samples.length; ) {
      const offset = (at + read) % CHUNK_SAMPLES;
      const count = Math.min(CHUNK_SAMPLES - offset, samples.length - read);
      const chunk = this.#chunkOf(at + read);
      if (chunk === undefined) dropped += count;
      else interleave(samples.subarray(read, read + count), chunk, offset * BLOCK_BYTES + channelOffset(side));
      read += count;
    }
    this.#ends[side] = at + samples.length;
    while (Math.min(this.#ends.left, this.#ends.right) >= (this.#firstChunk + 1) * CHUNK_SAMPLES) this.#emitFirst();
    return dropped;
  }

  /** Emits what is left. Nothing may be written afterwards. */
  flush(): void {
    for (let i = 0; i < WINDOW_CHUNKS; i++) this.#emitFirst();
  }

  /** Undefined when the window has moved past it; the window moves so far that it holds it. */
  #chunkOf(atSample: number): Uint8Array | undefined {
    const index = Math.floor(atSample / CHUNK_SAMPLES);
    if (index < this.#firstChunk) return undefined;
    for (let i = 0; i < WINDOW_CHUNKS && index >= this.#firstChunk + WINDOW_CHUNKS; i++) this.#emitFirst();
    this.#firstChunk = Math.max(this.#firstChunk, index - WINDOW_CHUNKS + 1);
    const slot = index % WINDOW_CHUNKS;
    const chunk = this.#chunks[slot] ?? new Uint8Array(CHUNK_SAMPLES * BLOCK_BYTES);
    this.#chunks[slot] = chunk;
    return chunk;
  }

  #emitFirst(): void {
    const slot = this.#firstChunk % WINDOW_CHUNKS;
    const chunk = this.#chunks[slot];
    const atSample = this.#firstChunk * CHUNK_SAMPLES;
    this.#chunks[slot] = undefined;
    this.#firstChunk++;
    const samples = Math.min(CHUNK_SAMPLES, this.samples - atSample);
    if (chunk !== undefined && samples > 0) this.#emit(chunk.subarray(0, samples * BLOCK_BYTES), atSample);
  }
}

const channelOffset = (side: Side): number => (side === 'left' ? 0 : SAMPLE_BYTES);

function interleave(samples: Int16Array, out: Uint8Array, offset: number): void {
  let at = offset;
  for (const sample of samples) {
    out[at] = sample;
    out[at + 1] = sample >> 8;
    at += BLOCK_BYTES;
  }
}

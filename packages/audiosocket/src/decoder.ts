import { HEADER_BYTES, PAYLOAD_BYTES_LIMIT } from './encoder.js';

/**
 * `payload_too_large`: a header announced more than `payloadBytesMax`. `poisoned`: an earlier push failed, its sink threw,
 * or push was called from inside its own sink; the place in the stream is lost and the decoder can only be discarded.
 */
export type DecodeErrorCode = 'payload_too_large' | 'poisoned';

export type DecodeOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: DecodeErrorCode; readonly kind: number; readonly payloadBytes: number };

/** `payload` is valid only until the sink returns: it is a view of the chunk or of a buffer that is used again. */
export type FrameSink = (kind: number, payload: Uint8Array) => void;

const OK: DecodeOutcome = { ok: true };
const EMPTY = new Uint8Array(0);
/** A buffer above this size is given back after its frame; below, it is kept for the next frame that straddles chunks. */
const KEPT_BYTES_MAX = 4096;
const GROWTH_BYTES_MIN = 512;

/**
 * Bytes in, frames out, at any chunking. A payload that lies within one chunk is handed on as a view without a copy; one
 * that straddles chunks is gathered in one buffer, which grows with the bytes that really came (never more than
 * twice them or 512, never above `payloadBytesMax`), so a header that promises much costs nothing.
 */
export class AudioSocketDecoder {
  /** May be changed between frames, also from inside the sink; holds from the next header on. */
  payloadBytesMax: number;
  #headerBytes = 0;
  #kind = 0;
  #length = 0;
  #gathered = EMPTY;
  #gatheredBytes = 0;
  #usable = true;

  /** `payloadBytesMax` defaults to 65535, the most the format can say. */
  constructor(options: { payloadBytesMax?: number } = {}) {
    this.payloadBytesMax = options.payloadBytesMax ?? PAYLOAD_BYTES_LIMIT;
  }

  /** Bytes of a frame that has begun and is not complete; 0 between frames. At the end of a stream: what was cut off. */
  get pendingBytes(): number {
    return this.#headerBytes + this.#gatheredBytes;
  }

  /** Kind of the frame that has begun and is not complete, known from its first byte on. */
  get pendingKind(): number | undefined {
    return this.#headerBytes > 0 ? this.#kind : undefined;
  }

  /** Memory held between pushes. */
  get heldBytes(): number {
    return this.#gathered.byteLength;
  }

  /** Calls `sink` for every frame the chunk completes, in order. Keeps no reference to the chunk. */
  push(chunk: Uint8Array, sink: FrameSink): DecodeOutcome {
    if (!this.#usable) return { ok: false, error: 'poisoned', kind: this.#kind, payloadBytes: this.#length };
    this.#usable = false;
    let offset = 0;
    while (offset < chunk.byteLength) {
      if (this.#headerBytes < HEADER_BYTES) {
        this.#takeHeaderByte(chunk[offset++] ?? 0);
        if (this.#headerBytes < HEADER_BYTES) continue;
        if (this.#length > this.payloadBytesMax) {
          this.#gathered = EMPTY;
          return { ok: false, error: 'payload_too_large', kind: this.#kind, payloadBytes: this.#length };
        }
      }
      offset = this.#takePayload(chunk, offset, sink);
    }
    this.#usable = true;
    return OK;
  }

  #takeHeaderByte(byte: number): void {
    if (this.#headerBytes === 0) this.#kind = byte;
    else if (this.#headerBytes === 1) this.#length = byte << 8;
    else this.#length |= byte;
    this.#headerBytes++;
  }

  #takePayload(chunk: Uint8Array, offset: number, sink: FrameSink): number {
    const end = Math.min(chunk.byteLength, offset + this.#length - this.#gatheredBytes);
    const complete = this.#gatheredBytes + (end - offset) === this.#length;
    if (complete && this.#gatheredBytes === 0) {
      this.#headerBytes = 0;
      sink(this.#kind, chunk.subarray(offset, end));
      return end;
    }
    this.#gather(chunk, offset, end);
    if (complete) {
      const payload = this.#gathered.subarray(0, this.#length);
      this.#headerBytes = 0;
      this.#gatheredBytes = 0;
      sink(this.#kind, payload);
      if (this.#gathered.byteLength > KEPT_BYTES_MAX) this.#gathered = EMPTY;
    }
    return end;
  }

  #gather(chunk: Uint8Array, offset: number, end: number): void {
    const neededBytes = this.#gatheredBytes + (end - offset);
    if (neededBytes > this.#gathered.byteLength) {
      const grownBytes = Math.min(this.#length, Math.max(neededBytes, this.#gatheredBytes * 2, GROWTH_BYTES_MIN));
      const grown = new Uint8Array(grownBytes);
      grown.set(this.#gathered.subarray(0, this.#gatheredBytes));
      this.#gathered = grown;
    }
    this.#gathered.set(chunk.subarray(offset, end), this.#gatheredBytes);
    this.#gatheredBytes = neededBytes;
  }
}

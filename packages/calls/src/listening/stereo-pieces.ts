import { RATE_HZ } from '@rapida/core';

export const PIECE_MS = 100;
const PIECE_SAMPLES = (PIECE_MS * RATE_HZ) / 1000;
/** So far one side may be behind the other before it counts as silent. */
export const LAG_MS_MAX = 300;
const LAG_SAMPLES_MAX = (LAG_MS_MAX * RATE_HZ) / 1000;
const CHANNELS = 2;

type Side = 0 | 1;

/**
 * Lays two sides beside each other that come at their own pace, each without an end: for ears, not for the record. Holds less
 * than half a second of each.
 */
export class StereoPieces {
  readonly #emit: (piece: Uint8Array) => void;
  readonly #held = [new Int16Array(LAG_SAMPLES_MAX), new Int16Array(LAG_SAMPLES_MAX)] as const;
  readonly #counts: [number, number] = [0, 0];

  /** Each piece is its receiver's. */
  constructor(emit: (piece: Uint8Array) => void) {
    this.#emit = emit;
  }

  caller(samples: Int16Array): void {
    this.#write(0, samples);
  }

  assistant(samples: Int16Array): void {
    this.#write(1, samples);
  }

  #write(side: Side, samples: Int16Array): void {
    for (let read = 0; read < samples.length; ) {
      const room = LAG_SAMPLES_MAX - this.#counts[side];
      const part = samples.subarray(read, read + room);
      this.#held[side].set(part, this.#counts[side]);
      this.#counts[side] += part.length;
      read += part.length;
      const isBehind = this.#counts[side] === LAG_SAMPLES_MAX;
      const other = this.#counts[side === 0 ? 1 : 0];
      if (isBehind || Math.min(this.#counts[side], other) >= PIECE_SAMPLES) this.#emitFirst();
    }
  }

  #emitFirst(): void {
    const piece = new Int16Array(PIECE_SAMPLES * CHANNELS);
    for (const side of [0, 1] as const) {
      const held = this.#held[side];
      const count = Math.min(PIECE_SAMPLES, this.#counts[side]);
      for (let at = 0; at < count; at++) piece[at * CHANNELS + side] = held[at] ?? 0;
      held.copyWithin(0, count, this.#counts[side]);
      this.#counts[side] -= count;
    }
    this.#emit(new Uint8Array(piece.buffer));
  }
}

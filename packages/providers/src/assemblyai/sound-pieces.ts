import { ULAW_SILENCE } from '@rapida/audio';
import { FRAME_MS } from '@rapida/core';
import type { LineEncoding } from '../wire/line-sound.js';

export interface SoundPiecesListener {
  /** False where it was not taken. The bytes are our own and written anew at once. */
  readonly send: (piece: Uint8Array) => boolean;
  /** Sound that was taken by `push` before and could not be sent after all. */
  readonly onDropped: (droppedMs: number) => void;
}

/** AssemblyAI ends a session that sends less than 50 ms, or more than 1 s, in one message (3007): 60 ms. */
const PIECE_FRAMES = 3;
export const PIECE_MS = PIECE_FRAMES * FRAME_MS;

/** Frames gathered into pieces of a length that the vendor takes; the last of a segment is filled up with silence. */
export class SoundPieces {
  readonly #listener: SoundPiecesListener;
  readonly #silence: number;
  readonly #frameBytes: number;
  readonly #piece: Uint8Array;
  #frames = 0;
  /** All the sound that was sent, silence included. */
  sentMs = 0;

  constructor(frameBytes: number, encoding: LineEncoding, listener: SoundPiecesListener) {
    this.#listener = listener;
    this.#frameBytes = frameBytes;
    this.#silence = encoding === 'ulaw-8000' ? ULAW_SILENCE : 0;
    this.#piece = new Uint8Array(PIECE_FRAMES * frameBytes);
  }

  /** False where this frame was lost. */
  push(bytes: Uint8Array): boolean {
    this.#piece.set(bytes, this.#frames * this.#frameBytes);
    if (++this.#frames < PIECE_FRAMES || this.#send()) return true;
    this.#listener.onDropped((PIECE_FRAMES - 1) * FRAME_MS);
    return false;
  }

  flush(): void {
    if (this.#frames === 0) return;
    const lostMs = this.#frames * FRAME_MS;
    this.#piece.fill(this.#silence, this.#frames * this.#frameBytes);
    if (!this.#send()) this.#listener.onDropped(lostMs);
  }

  #send(): boolean {
    this.#frames = 0;
    if (!this.#listener.send(this.#piece)) return false;
    this.sentMs += PIECE_MS;
    return true;
  }
}

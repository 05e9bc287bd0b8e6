/**
 * Owns the outgoing clock of one call. Utterances are played one after another in the order of `begin`; every started
 * utterance gets exactly one `onFinished`. Sound of an utterance that has ended is refused: late frames are the
 * commonest interruption bug in this field.
 */
export interface Playout {
  /** Opens an utterance at the end of the line. Ids are the caller's and must grow. */
  begin(id: number): void;
  /** 16 kHz samples, any length. False (and nothing kept) when the utterance has ended or its bound is reached. */
  write(id: number, samples: Int16Array): boolean;
  /** No more sound for this utterance: it finishes when the last of it was played. Idempotent. */
  end(id: number): void;
  /** Silence at once, here and at the peer; what was not heard is kept. Idempotent. */
  pause(): void;
  /** Goes on where `pause` stopped, to within 20 ms (peer-paced: to within what the peer reports). Idempotent. */
  resume(): void;
  /** Drops everything not heard; every open utterance finishes with `cut: true`, synchronously, in order. */
  cut(): void;
  /** How much of this utterance was heard so far; 0 for one that is unknown or ended. */
  playedMs(id: number): number;
  /** Sound waiting, in ms. */
  readonly queuedMs: number;
  /** `cut`, and never plays again. Idempotent. */
  close(): void;
}

export interface PlayoutListener {
  /** The first frame of the utterance went out (peer-paced: is being played by the peer, as far as is known). */
  onStarted(id: number, atMs: number): void;
  onFinished(id: number, result: PlayoutResult): void;
}

export interface PlayoutResult {
  readonly playedMs: number;
  /** True when sound was dropped, or the utterance never ended by itself. */
  readonly cut: boolean;
}

/** Hears each 20 ms of what the caller hears (16 kHz), in order, with the time it is heard at: the recorder. */
export type PlayoutTap = (samples: Int16Array, atMs: number) => void;

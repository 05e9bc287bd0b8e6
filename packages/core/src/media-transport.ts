import type { AudioFrame } from './frame.js';

/**
 * One live media leg with Asterisk, or with a browser that tries an assistant. Pushes what the caller does to one listener, synchronously, and takes complete wire
 * frames. Knows nothing about conversations.
 */
export interface MediaTransport {
  readonly kind: 'audiosocket' | 'websocket' | 'browser';
  /** `local`: we must send one frame per 20 ms, silence included. `peer`: Asterisk queues and paces what it is sent. */
  readonly pacing: 'local' | 'peer';
  /** Name and rate of what is on the wire, e.g. `ulaw` at 8000. */
  readonly wire: { readonly format: string; readonly rateHz: number };
  /** Starts delivery. Called once; what arrived before is delivered first (bounded by the transport). */
  start(listener: MediaListener): void;
  /**
   * Turns 16 kHz samples (a whole number of frames) into wire bytes, one entry per 20 ms frame, resampling with carried
   * state. The result is complete: for AudioSocket the header is in it. The caller owns the bytes until they are sent.
   */
  encode(samples: Int16Array): Uint8Array[];
  /** One wire frame of silence. Shared: never written to. */
  readonly silence: Uint8Array;
  /** Sends wire frames, never blocks. False when the peer does not read and the frames were dropped (counted). */
  send(frames: Uint8Array): boolean;
  /** Makes the peer forget what it has not played (`FLUSH_MEDIA`); nothing to do where we pace. */
  clear(): void;
  /** Asks to be told (`onMark`) when everything sent so far was played. False where the peer cannot tell. */
  mark(id: string): boolean;
  /** Ends the leg from our side in the protocol's own way. Idempotent. */
  hangup(): void;
  /** Resolves exactly once, never rejects. */
  readonly closed: Promise<MediaClosed>;
  counters(): MediaCounters;
}

export interface MediaListener {
  onFrame(frame: AudioFrame): void;
  onDtmf(digit: string): void;
  onMark?(id: string): void;
  /** The peer's queue is (no longer) full. */
  onFlow?(flow: 'stop' | 'go'): void;
}

export interface MediaClosed {
  /** Who ended it: the caller (a FIN or a close from Asterisk), we (`hangup`), or a fault. */
  readonly by: 'caller' | 'assistant' | 'fault';
  /** A stable word for the record, e.g. `caller_hangup`, `peer_not_reading`, `socket_error`. */
  readonly reason: string;
}

export interface MediaCounters {
  readonly framesIn: number;
  readonly framesOut: number;
  readonly framesDropped: number;
  /** Malformed, unknown or unexpected messages that were ignored, by kind. */
  readonly badInput: Readonly<Record<string, number>>;
}

import type { AudioFrame } from './frame.js';

/** Finds where speech starts and ends. Deterministic for a given input; synchronous; one instance per call. */
export interface VoiceActivityDetector {
  /** Judges the next frame. `start` comes with the frame that made it certain, `end` after the detector's own hangover. */
  push(frame: AudioFrame): 'start' | 'end' | undefined;
  /** Whether the last frame pushed was voiced by itself, before any smoothing. */
  readonly voiced: boolean;
  /** Frees what it holds. Idempotent. */
  close(): void;
}

/** Makes one detector per call. Loading code or weights has happened before: making one is cheap and synchronous. */
export type VoiceActivityFactory = () => VoiceActivityDetector;

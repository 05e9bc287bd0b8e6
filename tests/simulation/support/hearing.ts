import { type Clock, FRAME_MS } from '@rapida/core';
import { tagOf } from './tagged-voice.js';

const VOICED_PEAK = 500;

export interface HeardFrame {
  readonly atMs: number;
  readonly samples: Int16Array;
}

export interface HeardPiece {
  readonly samples: number;
  /** When the last of it was heard. */
  readonly lastMs: number;
}

/** What the caller hears, and what a caller knows from it. */
export class Hearing {
  voicedFrames = 0;
  /** When there was sound, in order. */
  readonly voicedAtMs: number[] = [];
  /** How much was heard of which piece of speech, in the order in which they were first heard. */
  readonly pieces = new Map<number, HeardPiece>();
  /** Everything, where it was asked for. */
  readonly frames: HeardFrame[] = [];
  readonly #clock: Clock;
  readonly #keeps: 'frames' | 'counts';
  #sinceMs: number;
  #soundSinceMs: number | undefined;

  constructor(clock: Clock, keeps: 'frames' | 'counts' = 'counts') {
    this.#clock = clock;
    this.#keeps = keeps;
    this.#sinceMs = clock.nowMs();
  }

  /** How long the assistant has been silent. */
  get quietMs(): number {
    return this.#clock.nowMs() - (this.voicedAtMs.at(-1) ?? this.#sinceMs);
  }

  /** How long the assistant has been speaking without a pause of 100 ms. */
  get soundMs(): number {
    return this.#soundSinceMs === undefined ? 0 : this.#clock.nowMs() - this.#soundSinceMs;
  }

  readonly onHeard = (samples: Int16Array): void => {
    const atMs = this.#clock.nowMs();
    if (this.#keeps === 'frames') this.frames.push({ atMs, samples });
    let peak = 0;
    for (let i = 0; i < samples.length; i += 3) peak = Math.max(peak, Math.abs(samples[i] as number));
    if (peak <= VOICED_PEAK) return;
    this.voicedFrames++;
    this.voicedAtMs.push(atMs);
    this.#soundSinceMs ??= atMs;
    this.#countTag(samples);
  };

  /** A frame time has passed. */
  pass(): void {
    if (this.quietMs >= 100) this.#soundSinceMs = undefined;
  }

  #countTag(samples: Int16Array): void {
    const tag = tagOf(samples);
    if (tag === undefined) return;
    const level = samples[0];
    let count = 0;
    for (const sample of samples) if (sample === level) count++;
    const samplesBefore = this.pieces.get(tag)?.samples ?? 0;
    this.pieces.set(tag, { samples: samplesBefore + count, lastMs: this.#clock.nowMs() });
  }
}

/** The longest stretch between two times in which there was no sound. */
export function longestGapMs(voicedAtMs: readonly number[], fromMs: number, toMs: number): number {
  let lastMs = fromMs;
  let longestMs = 0;
  for (const atMs of voicedAtMs) {
    if (atMs < fromMs) continue;
    if (atMs > toMs) break;
    longestMs = Math.max(longestMs, atMs - FRAME_MS - lastMs);
    lastMs = atMs;
  }
  return Math.max(longestMs, toMs - lastMs);
}

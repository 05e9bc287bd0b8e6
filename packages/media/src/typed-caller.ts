import { FRAME_SAMPLES, RATE_HZ, type SpeakText } from '@rapida/core';
import type { Ticker } from './ticker.js';

export const TEXT_CHARS_MAX = 500;
/** Texts that wait while one is spoken. */
export const WAITING_MAX = 5;
/** Longer speech of one text is cut off there. */
export const SPEECH_MS_MAX = 60_000;
/** Between two texts, so that they are heard as two. */
const PAUSE_FRAMES = 20;

const SPEECH_SAMPLES_MAX = (SPEECH_MS_MAX * RATE_HZ) / 1000;
const SILENCE = new Int16Array(FRAME_SAMPLES);

export interface TypedCallerOptions {
  readonly speak: SpeakText;
  readonly ticker: Ticker;
  /** 20 ms of the caller, every 20 ms from the making to `close`. */
  readonly onFrame: (samples: Int16Array) => void;
  readonly tell: (told: TypedText) => void;
}

export interface TypedText {
  readonly text: string;
  readonly state: 'speaking' | 'spoken' | 'refused';
  readonly reason?: 'too_long' | 'too_many' | 'empty' | 'voice_failed';
}

/**
 * Somebody without a microphone: a telephone that is silent but when it speaks what was typed. Everything behind it hears a
 * caller: the call is held exactly as with a voice of flesh and blood.
 */
export class TypedCaller {
  readonly #options: TypedCallerOptions;
  readonly #member: { remove(): void };
  readonly #abort = new AbortController();
  readonly #waiting: string[] = [];
  #isSpeaking = false;
  #sound: Int16Array = SILENCE;
  #soundAt = 0;
  #onSpoken: (() => void) | undefined;
  #pauseFrames = 0;

  constructor(options: TypedCallerOptions) {
    this.#options = options;
    this.#member = options.ticker.add(() => this.#tick());
  }

  say(typed: string): void {
    const text = typed.trim();
    const reason = this.#refusalOf(text);
    if (reason !== undefined) {
      return this.#options.tell({ text: text.slice(0, TEXT_CHARS_MAX), state: 'refused', reason });
    }
    this.#waiting.push(text);
    if (!this.#isSpeaking) void this.#speakAll();
  }

  /** Idempotent. */
  close(): void {
    this.#member.remove();
    this.#abort.abort();
    this.#waiting.length = 0;
    this.#onSpoken?.();
  }

  #refusalOf(text: string): TypedText['reason'] | undefined {
    if (text === '') return 'empty';
    if (text.length > TEXT_CHARS_MAX) return 'too_long';
    return this.#waiting.length >= WAITING_MAX ? 'too_many' : undefined;
  }

  async #speakAll(): Promise<void> {
    this.#isSpeaking = true;
    for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
      await this.#speak(text);
    }
    this.#isSpeaking = false;
  }

  async #speak(text: string): Promise<void> {
    const { signal } = this.#abort;
    const { tell } = this.#options;
    try {
      const sound = await this.#soundOf(text);
      if (signal.aborted) return;
      tell({ text, state: 'speaking' });
      await this.#played(sound);
      if (!signal.aborted) tell({ text, state: 'spoken' });
    } catch {
      // Counted and logged where the voice is.
      if (!signal.aborted) tell({ text, state: 'refused', reason: 'voice_failed' });
    }
  }

  /** All of it before the first of it is played: a caller does not stumble. */
  async #soundOf(text: string): Promise<Int16Array> {
    const parts: Int16Array[] = [];
    let length = 0;
    for await (const samples of this.#options.speak(text, this.#abort.signal)) {
      parts.push(samples.subarray(0, SPEECH_SAMPLES_MAX - length));
      length += parts.at(-1)?.length ?? 0;
      if (length >= SPEECH_SAMPLES_MAX) break;
    }
    // Whole frames, and a silent one at the end at least.
    const sound = new Int16Array((Math.ceil(length / FRAME_SAMPLES) + 1) * FRAME_SAMPLES);
    let at = 0;
    for (const samples of parts) {
      sound.set(samples, at);
      at += samples.length;
    }
    return sound;
  }

  #played(sound: Int16Array): Promise<void> {
    return new Promise((resolve) => {
      this.#sound = sound;
      this.#soundAt = 0;
      this.#onSpoken = resolve;
    });
  }

  #tick(): void {
    if (this.#onSpoken === undefined || this.#pauseFrames > 0) {
      this.#pauseFrames = Math.max(0, this.#pauseFrames - 1);
      return this.#options.onFrame(SILENCE);
    }
    this.#options.onFrame(this.#sound.subarray(this.#soundAt, this.#soundAt + FRAME_SAMPLES));
    this.#soundAt += FRAME_SAMPLES;
    if (this.#soundAt < this.#sound.length) return;
    const spoken = this.#onSpoken;
    this.#onSpoken = undefined;
    this.#pauseFrames = PAUSE_FRAMES;
    spoken();
  }
}

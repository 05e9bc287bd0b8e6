import type {
  AudioFrame,
  Clock,
  RecognitionHints,
  SpeechToText,
  SpeechToTextStream,
  Timer,
  Transcript,
  VoiceActivityDetector,
} from '@rapida/core';
import { FRAME_MS, FRAME_SAMPLES, isAbort, RapidaError } from '@rapida/core';

export interface EarsListener {
  speechStart(startMs: number): void;
  speechSustained(voicedMs: number): void;
  speechLong(voicedMs: number): void;
  speechEnd(lastVoicedMs: number, voicedMs: number): void;
  transcript(transcript: Transcript): void;
  failed(error: RapidaError): void;
}

export interface EarsOptions {
  readonly clock: Clock;
  readonly vad: VoiceActivityDetector;
  readonly stt: SpeechToText;
  readonly language: string;
  readonly lineRateHz: number;
  readonly preRollMs: number;
  /** Voiced sound after which `speechSustained` is told, once per segment. */
  readonly sustainedMs: number;
  readonly listener: EarsListener;
}

/** Voiced sound that is an interruption whatever the recogniser makes of it. */
export const LONG_SPEECH_MS = 1_500;
/** A caller who never pauses is given to the recogniser in segments of this length, so that its memory is bounded. */
export const SEGMENT_MS_MAX = 30_000;
/**
 * A phone with silence suppression, muted or on hold sends nothing at all, so nothing would ever end a segment: after this
 * long without a frame, silence is assumed. Jitter seen from Asterisk on a busy machine stays below 100 ms.
 */
export const GAP_MS = 120;
/** The detector needs a few frames to be sure; those that were voiced count as speech. */
const CERTAINTY_FRAMES = 5;

/** Hears: finds speech, gives it to the recogniser with what came just before it, and tells what was understood. */
export interface Ears {
  /** Synchronous, no allocation but what the recogniser does. */
  onFrame(frame: AudioFrame): void;
  expect(hints: RecognitionHints): void;
  /** A new stream after a failure. */
  reopen(): void;
  /** Idempotent; nothing is told afterwards. */
  close(): void;
}

export function createEars(options: EarsOptions): Ears {
  return new SegmentingEars(options);
}

class SegmentingEars implements Ears {
  readonly #options: EarsOptions;
  /** Ring of the last frames, oldest overwritten: the pre-roll. Frames are immutable and may be kept. */
  readonly #ring: (AudioFrame | undefined)[];
  #ringAt = 0;
  #recentVoiced = 0;
  #inSegment = false;
  #segmentFrames = 0;
  #voicedMs = 0;
  #lastVoicedMs = 0;
  #hints: RecognitionHints | undefined;
  #stream: SpeechToTextStream | undefined;
  #abort: AbortController | undefined;
  #lastAtMs = 0;
  #arrivedMs = 0;
  #gapTimer: Timer | undefined;
  #closed = false;

  constructor(options: EarsOptions) {
    this.#options = options;
    this.#ring = new Array<AudioFrame | undefined>(Math.ceil(options.preRollMs / FRAME_MS)).fill(undefined);
  }

  onFrame(frame: AudioFrame): void {
    if (this.#closed) return;
    this.#arrivedMs = this.#options.clock.nowMs();
    this.#take(frame);
  }

  #take(frame: AudioFrame): void {
    this.#lastAtMs = frame.atMs;
    const change = this.#options.vad.push(frame);
    const voiced = this.#options.vad.voiced;
    this.#recentVoiced = ((this.#recentVoiced << 1) | (voiced ? 1 : 0)) & ((1 << CERTAINTY_FRAMES) - 1);
    // Nothing arrives before it was said: where the first frame of a call was held up, its timeline runs late.
    if (voiced) this.#lastVoicedMs = Math.min(frame.atMs + FRAME_MS, this.#arrivedMs);
    if (change === 'start' && !this.#inSegment) this.#startSegment(frame);
    if (this.#inSegment) this.#hear(frame, voiced);
    if (change === 'end' && this.#inSegment) this.#endSegment();
    this.#keep(frame);
  }

  expect(hints: RecognitionHints): void {
    this.#hints = hints;
    this.#stream?.expect(hints);
  }

  reopen(): void {
    this.#drop();
    if (this.#closed) return;
    if (this.#inSegment) this.#inSegment = false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gapTimer?.cancel();
    this.#drop();
    this.#ring.fill(undefined);
    this.#options.vad.close();
  }

  #startSegment(frame: AudioFrame): void {
    this.#inSegment = true;
    this.#watchGaps();
    this.#segmentFrames = 0;
    this.#voicedMs = (bitCount(this.#recentVoiced) - 1) * FRAME_MS;
    const stream = this.#opened();
    for (let i = 0; i < this.#ring.length; i++) {
      const kept = this.#ring[(this.#ringAt + i) % this.#ring.length];
      if (kept !== undefined) stream.write(kept);
    }
    this.#options.listener.speechStart(frame.atMs - this.#voicedMs);
  }

  /** One look per gap time while a segment runs, not a timer per frame. */
  #watchGaps(): void {
    this.#gapTimer?.cancel();
    this.#gapTimer = this.#options.clock.setTimer(GAP_MS, () => {
      if (!this.#inSegment) return;
      const silentMs = this.#options.clock.nowMs() - this.#arrivedMs;
      if (silentMs >= GAP_MS) this.#assumeSilence(silentMs);
      if (this.#inSegment) this.#watchGaps();
    });
  }

  #assumeSilence(ms: number): void {
    this.#arrivedMs += ms;
    for (let left = ms; left >= FRAME_MS && this.#inSegment; left -= FRAME_MS) {
      this.#take({ samples: SILENCE, atMs: this.#lastAtMs + FRAME_MS });
    }
  }

  #hear(frame: AudioFrame, voiced: boolean): void {
    this.#opened().write(frame);
    this.#segmentFrames++;
    if (voiced) this.#countVoiced();
    if (this.#segmentFrames * FRAME_MS < SEGMENT_MS_MAX) return;
    this.#endSegment();
    this.#startSegment(frame);
  }

  #countVoiced(): void {
    const { sustainedMs, listener } = this.#options;
    const before = this.#voicedMs;
    this.#voicedMs += FRAME_MS;
    if (before < sustainedMs && this.#voicedMs >= sustainedMs) listener.speechSustained(this.#voicedMs);
    const longMs = Math.max(LONG_SPEECH_MS, sustainedMs);
    if (before < longMs && this.#voicedMs >= longMs) listener.speechLong(this.#voicedMs);
  }

  #endSegment(): void {
    this.#inSegment = false;
    // Told first: a recogniser may answer at once, and a final must find a segment that waits for it.
    this.#options.listener.speechEnd(this.#lastVoicedMs, this.#voicedMs);
    this.#stream?.endSegment();
  }

  #keep(frame: AudioFrame): void {
    if (this.#ring.length === 0) return;
    this.#ring[this.#ringAt] = frame;
    this.#ringAt = (this.#ringAt + 1) % this.#ring.length;
  }

  #opened(): SpeechToTextStream {
    if (this.#stream !== undefined) return this.#stream;
    const { stt, language, lineRateHz } = this.#options;
    const abort = new AbortController();
    const stream = stt.open({ language, lineRateHz }, abort.signal);
    this.#abort = abort;
    this.#stream = stream;
    if (this.#hints !== undefined) stream.expect(this.#hints);
    void this.#listen(stream, abort.signal);
    return stream;
  }

  async #listen(stream: SpeechToTextStream, signal: AbortSignal): Promise<void> {
    try {
      for await (const transcript of stream) {
        if (this.#closed || this.#stream !== stream) return;
        this.#options.listener.transcript(transcript);
      }
    } catch (error) {
      if (this.#closed || this.#stream !== stream || isAbort(error, signal)) return;
      this.#options.listener.failed(RapidaError.from(error));
    }
  }

  #drop(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.close();
    this.#abort?.abort();
    this.#abort = undefined;
  }
}

/** Shared, as every frame may be: nobody writes to it. */
const SILENCE = new Int16Array(FRAME_SAMPLES);

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

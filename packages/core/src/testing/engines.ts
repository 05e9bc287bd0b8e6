import type { Clock } from '../clock.js';
import { sleep } from '../clock.js';
import { RapidaError } from '../errors.js';
import { RATE_HZ } from '../frame.js';
import type { Json } from '../json.js';
import type { LanguageModel, LanguageModelEvent, LanguageModelRequest } from '../language-model.js';
import type { RecognitionHints, SpeechToText, SpeechToTextStream, Transcript } from '../speech-to-text.js';
import type { SpeechEvent, TextToSpeech } from '../text-to-speech.js';
import type { VoiceActivityDetector } from '../voice-activity.js';
import { Faults } from './faults.js';

/** Engines of known delay and known words, for tests and benchmarks. Their only clock is the one given. */

const VOICED_PEAK = 500;
const START_FRAMES = 3;
const END_FRAMES = 10;

/** Loud is speech: starts after 60 ms, ends after 200 ms. */
export function createLoudnessDetector(): VoiceActivityDetector {
  let voicedRun = 0;
  let quietRun = 0;
  let speaking = false;
  const detector = {
    voiced: false,
    push(frame: { readonly samples: Int16Array }): 'start' | 'end' | undefined {
      let peak = 0;
      for (let i = 0; i < frame.samples.length; i += 4) peak = Math.max(peak, Math.abs(frame.samples[i] as number));
      detector.voiced = peak > VOICED_PEAK;
      voicedRun = detector.voiced ? voicedRun + 1 : 0;
      quietRun = detector.voiced ? 0 : quietRun + 1;
      if (!speaking && voicedRun >= START_FRAMES) {
        speaking = true;
        return 'start';
      }
      if (speaking && quietRun >= END_FRAMES) {
        speaking = false;
        return 'end';
      }
      return undefined;
    },
    close() {},
  };
  return detector;
}

export type ScriptedSegment = string | { readonly rejected: true };

/** Understands the n-th segment as the n-th entry of the script; beyond it, nothing. */
export class ScriptedRecogniser implements SpeechToText {
  readonly provider = 'scripted';
  readonly hintsSeen: RecognitionHints[] = [];
  opened = 0;
  closed = 0;
  readonly #clock: Clock;
  readonly #script: readonly ScriptedSegment[];
  readonly #latencyMs: number;
  readonly #faults: Faults;
  #segment = 0;

  constructor(clock: Clock, script: readonly ScriptedSegment[], options: { latencyMs?: number; faults?: Faults } = {}) {
    this.#clock = clock;
    this.#script = script;
    this.#latencyMs = options.latencyMs ?? 40;
    this.#faults = options.faults ?? new Faults();
  }

  open(_options: unknown, signal: AbortSignal): SpeechToTextStream {
    this.opened++;
    const due: number[] = [];
    let closed = false;
    let wake = () => {};
    const close = () => {
      if (closed) return;
      closed = true;
      this.closed++;
      signal.removeEventListener('abort', close);
      wake();
    };
    signal.addEventListener('abort', close);
    const next = () => this.#finalOf(this.#script[this.#segment++] ?? '');
    const [clock, latencyMs, faults] = [this.#clock, this.#latencyMs, this.#faults];
    async function* finals(): AsyncGenerator<Transcript> {
      try {
        for (;;) {
          while (due.length === 0 && !closed) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          if (closed) return;
          await sleep(clock, (due.shift() as number) + latencyMs - clock.nowMs(), signal);
          await faults.pass(signal);
          if (closed) return;
          yield next();
        }
      } finally {
        close();
      }
    }
    const iterator = finals();
    return {
      write() {},
      endSegment() {
        due.push(clock.nowMs());
        wake();
      },
      dropSegment() {},
      expect: (hints) => void this.hintsSeen.push(hints),
      close,
      [Symbol.asyncIterator]: () => iterator,
    };
  }

  #finalOf(entry: ScriptedSegment): Transcript {
    return typeof entry === 'string' ? { kind: 'final', text: entry } : { kind: 'final', text: '', rejected: true };
  }
}

export type ScriptedAnswer = string | readonly LanguageModelEvent[];

export interface ModelOptions {
  readonly ttftMs?: number;
  readonly deltaMs?: number;
  readonly faults?: Faults;
  /** What the caller is expected to say. */
  readonly phrases?: readonly string[];
}

/** Answers the n-th request with the n-th entry, in deltas of a word; beyond the script it repeats what it was asked. */
export class ScriptedModel implements LanguageModel {
  readonly provider = 'scripted';
  readonly requests: LanguageModelRequest[] = [];
  aborted = 0;
  readonly #clock: Clock;
  readonly #script: readonly ScriptedAnswer[];
  readonly #options: ModelOptions;

  constructor(clock: Clock, script: readonly ScriptedAnswer[], options: ModelOptions = {}) {
    this.#clock = clock;
    this.#script = script;
    this.#options = options;
  }

  expectations(memo: Json): RecognitionHints {
    return { phrases: [...(this.#options.phrases ?? []), `memo ${JSON.stringify(memo)}`], kind: 'phrases' };
  }

  async *generate(request: LanguageModelRequest, signal: AbortSignal): AsyncGenerator<LanguageModelEvent> {
    const { ttftMs = 100, deltaMs = 5, faults = new Faults() } = this.#options;
    const answer = this.#script[this.requests.length] ?? `You said ${request.messages.at(-1)?.role ?? 'nothing'}.`;
    this.requests.push(request);
    try {
      await sleep(this.#clock, ttftMs, signal);
      for (const event of typeof answer === 'string' ? wordsOf(answer) : answer) {
        await faults.pass(signal);
        signal.throwIfAborted();
        yield event;
        if (deltaMs > 0) await sleep(this.#clock, deltaMs, signal);
      }
    } finally {
      if (signal.aborted) this.aborted++;
    }
  }
}

function wordsOf(text: string): LanguageModelEvent[] {
  return (text.match(/\S+\s*/gu) ?? []).map((word) => ({ type: 'text', text: word }));
}

/** Speaks every character as 50 ms of tone, in chunks of 100 ms, the first after `ttfbMs`. */
export class ToneVoice implements TextToSpeech {
  readonly provider: string;
  readonly spoken: string[] = [];
  aborted = 0;
  readonly #clock: Clock;
  readonly #options: { ttfbMs?: number; faults?: Faults };

  constructor(clock: Clock, options: { provider?: string; ttfbMs?: number; faults?: Faults } = {}) {
    this.provider = options.provider ?? 'tone';
    this.#clock = clock;
    this.#options = options;
  }

  async *speak(pieces: AsyncIterable<string>, _voice: unknown, signal: AbortSignal): AsyncGenerator<SpeechEvent> {
    const { ttfbMs = 80, faults = new Faults() } = this.#options;
    let piece = 0;
    try {
      for await (const text of pieces) {
        if (signal.aborted) return;
        this.spoken.push(text);
        await sleep(this.#clock, ttfbMs, signal);
        for (let leftMs = text.length * TONE_MS_PER_CHAR; leftMs > 0; leftMs -= TONE_CHUNK_MS) {
          await faults.pass(signal);
          signal.throwIfAborted();
          yield { type: 'audio', piece, samples: toneOf(Math.min(leftMs, TONE_CHUNK_MS)) };
        }
        yield { type: 'piece-end', piece };
        piece++;
      }
    } finally {
      if (signal.aborted) this.aborted++;
    }
  }
}

export const TONE_MS_PER_CHAR = 50;
const TONE_CHUNK_MS = 100;

function toneOf(ms: number): Int16Array {
  const samples = new Int16Array((RATE_HZ * ms) / 1000);
  for (let i = 0; i < samples.length; i++) samples[i] = 6000 * Math.sin((2 * Math.PI * 440 * i) / RATE_HZ);
  return samples;
}

/** For scripts that should fail: what a provider's failure looks like. */
export function providerFailure(): RapidaError {
  return new RapidaError('provider_unavailable', 'scripted failure');
}

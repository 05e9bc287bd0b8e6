import { dbfs, rms } from '@rapida/audio';
import type { Clock } from '@rapida/core';
import { sleep } from '@rapida/core';
import type { Ticker } from '@rapida/media';
import { PHONE_FRAME_SAMPLES, type PhoneLeg } from './leg.js';
import { AssistantListener } from './listener.js';
import type { CallStep } from './script.js';

export interface PhoneOptions {
  readonly clock: Clock;
  readonly ticker: Ticker;
  /** Text to 8 kHz sound. */
  readonly synthesise: (text: string) => Promise<Int16Array>;
  readonly onEvent: (event: PhoneEvent) => void;
  /** How long the assistant may take to be heard after a step. */
  readonly answerMsMax?: number;
}

export type PhoneEvent =
  | { readonly type: 'saying'; readonly text: string }
  /** Time from the last voiced frame of the caller to the first one of the assistant. */
  | { readonly type: 'answered'; readonly afterMs: number }
  | { readonly type: 'not_answered'; readonly waitedMs: number }
  /** Time from the first voiced frame of the interruption to the last one of the assistant. */
  | { readonly type: 'silenced'; readonly afterMs: number };

export interface PhoneResult {
  /** Steps after which the assistant was not heard. */
  readonly unanswered: number;
  readonly heardMs: number;
  readonly ended: string;
  /** Both sides at 8 kHz, frame by frame of the phone's own time. */
  readonly recording: { readonly caller: Int16Array; readonly assistant: Int16Array };
}

const ANSWER_MS_MAX = 15_000;
/** How long a goodbye may take before the caller hangs up. */
const GOODBYE_MS_MAX = 15_000;
/** An hour of both sides; a longer call is not recorded further. */
const RECORDED_FRAMES_MAX = 180_000;
const SILENCE = new Int16Array(PHONE_FRAME_SAMPLES);
const VOICED_DBFS_MIN = -45;

/** A caller with a telephone: sends 20 ms every 20 ms, listens, and follows a script. */
export class Phone {
  readonly #options: PhoneOptions;
  readonly #listener = new AssistantListener();
  readonly #outgoing: Int16Array[] = [];
  readonly #caller: Int16Array[] = [];
  readonly #assistant: Int16Array[] = [];
  readonly #inbox: Int16Array[] = [];
  #leg: PhoneLeg | undefined;
  #ended: string | undefined;
  #firstVoicedMs: number | undefined;
  #lastVoicedMs: number | undefined;
  #unanswered = 0;

  constructor(options: PhoneOptions) {
    this.#options = options;
  }

  /** What the leg hears; to be given to it when it is opened. */
  readonly onAudio = (samples: Int16Array): void => {
    this.#listener.onFrame(samples, this.#options.clock.nowMs());
    if (this.#inbox.length < RECORDED_FRAMES_MAX) this.#inbox.push(samples.slice());
  };

  /** Holds the call to its end. */
  async run(leg: PhoneLeg, steps: readonly CallStep[]): Promise<PhoneResult> {
    this.#leg = leg;
    const ended = leg.ended.then((how) => {
      this.#ended = how;
    });
    const ticking = this.#options.ticker.add(() => this.#tick());
    try {
      for (const step of steps) {
        if (this.#ended !== undefined) break;
        await this.#perform(step);
      }
      await this.#until(() => this.#ended !== undefined, GOODBYE_MS_MAX);
      leg.hangup();
      await ended;
    } finally {
      ticking.remove();
    }
    const recording = { caller: joined(this.#caller), assistant: joined(this.#assistant) };
    return { unanswered: this.#unanswered, heardMs: this.#listener.heardMs, ended: this.#ended ?? '', recording };
  }

  async #perform(step: CallStep): Promise<void> {
    const { synthesise } = this.#options;
    switch (step.kind) {
      case 'wait':
        await this.#until(() => false, step.ms);
        return;
      case 'keys':
        await this.#untilQuiet();
        for (const digit of step.digits) {
          this.#leg?.key(digit);
          await this.#until(() => false, 150);
        }
        this.#lastVoicedMs = this.#options.clock.nowMs();
        return this.#awaitAnswer();
      case 'play':
        await this.#untilQuiet();
        return this.#speak(step.name, step.samples);
      case 'say': {
        const samples = await synthesise(step.text);
        await this.#untilQuiet();
        return this.#speak(step.text, samples);
      }
      case 'interrupt':
        return this.#interrupt(step.text, step.afterMs, await synthesise(step.text));
    }
  }

  async #speak(text: string, samples: Int16Array): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#options.onEvent({ type: 'saying', text });
    this.#listener.expectAnswer();
    await this.#send(samples);
    await this.#awaitAnswer();
  }

  async #interrupt(text: string, afterMs: number, samples: Int16Array): Promise<void> {
    const { clock, onEvent } = this.#options;
    const beganMs = this.#listener.beganMs ?? clock.nowMs();
    await this.#until(() => clock.nowMs() - beganMs >= afterMs, afterMs);
    onEvent({ type: 'saying', text });
    this.#firstVoicedMs = undefined;
    const sending = this.#send(samples);
    await this.#until(() => this.#firstVoicedMs !== undefined && this.#quietFor(200), samples.length / 8 + 1_000);
    const heardMs = this.#listener.lastHeardMs ?? 0;
    if (this.#firstVoicedMs !== undefined)
      onEvent({ type: 'silenced', afterMs: Math.max(0, heardMs - this.#firstVoicedMs) });
    this.#listener.expectAnswer();
    await sending;
    await this.#awaitAnswer();
  }

  async #awaitAnswer(): Promise<void> {
    const { clock, onEvent, answerMsMax = ANSWER_MS_MAX } = this.#options;
    const fromMs = this.#lastVoicedMs ?? clock.nowMs();
    await this.#until(() => this.#listener.beganMs !== undefined || this.#ended !== undefined, answerMsMax);
    const { beganMs } = this.#listener;
    if (beganMs !== undefined) return onEvent({ type: 'answered', afterMs: Math.round(beganMs - fromMs) });
    this.#unanswered++;
    onEvent({ type: 'not_answered', waitedMs: Math.round(clock.nowMs() - fromMs) });
  }

  /** The assistant has spoken and is silent, or does not speak at all. */
  async #untilQuiet(): Promise<void> {
    const { clock, answerMsMax = ANSWER_MS_MAX } = this.#options;
    await this.#until(() => this.#listener.beganMs !== undefined || this.#ended !== undefined, answerMsMax);
    await this.#until(() => this.#listener.hasFinished(clock.nowMs()) || this.#ended !== undefined, 10 * 60_000);
  }

  #quietFor(ms: number): boolean {
    return this.#options.clock.nowMs() - (this.#listener.lastHeardMs ?? 0) >= ms;
  }

  async #send(samples: Int16Array): Promise<void> {
    for (let at = 0; at < samples.length; at += PHONE_FRAME_SAMPLES) {
      const frame = new Int16Array(PHONE_FRAME_SAMPLES);
      frame.set(samples.subarray(at, at + PHONE_FRAME_SAMPLES));
      this.#outgoing.push(frame);
    }
    await this.#until(() => this.#outgoing.length === 0, samples.length / 8 + 2_000);
  }

  #tick(): void {
    const frame = this.#outgoing.shift() ?? SILENCE;
    if (frame !== SILENCE && dbfs(rms(frame)) > VOICED_DBFS_MIN) {
      this.#lastVoicedMs = this.#options.clock.nowMs();
      this.#firstVoicedMs ??= this.#lastVoicedMs;
    }
    this.#leg?.send(frame);
    if (this.#caller.length >= RECORDED_FRAMES_MAX) return;
    this.#caller.push(frame);
    this.#assistant.push(this.#inbox.shift() ?? SILENCE);
  }

  async #until(done: () => boolean, limitMs: number): Promise<void> {
    const { clock } = this.#options;
    const stopMs = clock.nowMs() + limitMs;
    while (!done() && this.#ended === undefined && clock.nowMs() < stopMs) await sleep(clock, 10);
  }
}

function joined(frames: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}

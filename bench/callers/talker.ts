import { type Clock, FRAME_MS } from '@rapida/core';
import { isVoiced } from '../sounds.js';
import type { Leg } from './legs.js';

export interface TalkingPlan {
  readonly speakMs: number;
  /** After the assistant was silent for this long the caller speaks again. Longer than a gap within an answer. */
  readonly pauseMs: number;
  /** Speaks into the answer when it was heard for this long. */
  readonly interruptAfterMs?: number;
}

export interface TalkReport {
  /** Per turn: from the last voiced frame sent to the first voiced frame heard. */
  readonly answersMs: number[];
  /** Per interruption: from its first voiced frame sent to the last voiced frame heard. */
  readonly silencedMs: number[];
  /** Turns that were not answered, interruptions that did not silence the assistant. */
  failures: number;
}

const ANSWER_MS_MAX = 5_000;
/** Silence of this length while the caller speaks: the interruption had its effect. */
const SILENCED_MS = 200;

/** A caller who says something, waits for the answer, and says something again; driven by one `tick` per frame. */
export class Talker {
  leg: Leg | undefined;
  readonly #clock: Clock;
  readonly #plan: TalkingPlan;
  readonly #report: TalkReport;
  #state: 'pausing' | 'speaking' | 'awaiting' | 'listening' = 'pausing';
  #framesLeft = 0;
  #interruptedMs: number | undefined;
  /** Last voiced frame of the caller, first and last one of the assistant. */
  #spokeMs = 0;
  #beganMs = 0;
  #heardMs: number;

  constructor(clock: Clock, plan: TalkingPlan, report: TalkReport, startAfterMs: number) {
    this.#clock = clock;
    this.#plan = plan;
    this.#report = report;
    this.#heardMs = clock.nowMs() + startAfterMs;
  }

  hear(payload: Uint8Array): void {
    if (!isVoiced(payload)) return;
    const nowMs = this.#clock.nowMs();
    this.#heardMs = nowMs;
    if (this.#state !== 'awaiting') return;
    this.#state = 'listening';
    this.#beganMs = nowMs;
    this.#report.answersMs.push(nowMs - this.#spokeMs);
  }

  tick(): void {
    const nowMs = this.#clock.nowMs();
    const { pauseMs, interruptAfterMs = Number.POSITIVE_INFINITY } = this.#plan;
    if (this.#state === 'listening' && nowMs - this.#beganMs >= interruptAfterMs) {
      this.#interruptedMs = nowMs;
      this.#speak();
    } else if (this.#state === 'awaiting' && nowMs - this.#spokeMs > ANSWER_MS_MAX) {
      this.#report.failures++;
      this.#speak();
    } else if ((this.#state === 'listening' || this.#state === 'pausing') && nowMs - this.#heardMs >= pauseMs) {
      this.#speak();
    }
    this.#sendNext(nowMs);
  }

  #speak(): void {
    this.#state = 'speaking';
    this.#framesLeft = this.#plan.speakMs / FRAME_MS;
  }

  #sendNext(nowMs: number): void {
    if (this.#state !== 'speaking') return this.leg?.send('silent');
    this.#framesLeft--;
    this.leg?.send(this.#framesLeft === 0 ? 'voiced_end' : 'voiced');
    if (this.#framesLeft > 0) return;
    this.#spokeMs = nowMs;
    this.#state = 'awaiting';
    if (this.#interruptedMs === undefined) return;
    if (nowMs - this.#heardMs >= SILENCED_MS) this.#report.silencedMs.push(this.#heardMs - this.#interruptedMs);
    else this.#report.failures++;
    this.#interruptedMs = undefined;
  }
}

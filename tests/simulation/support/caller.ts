import { type Clock, FRAME_MS, FRAME_SAMPLES, type Timer } from '@rapida/core';
import type { Hearing } from './hearing.js';
import type { Line } from './line.js';

/** What a caller does in one frame time. */
export type Move = 'speak' | 'silent' | 'hangup' | 'lose' | { readonly press: string };

/** A caller: one move per frame time, after what was heard so far. Hangs up at its end. */
export type Script = (hearing: Hearing) => Generator<Move, void>;

/** Loud enough for every detector, and for nobody's tone. */
export const SPEECH = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 5000 * Math.sin(i / 4));
const SILENCE = new Int16Array(FRAME_SAMPLES);

export function* speak(ms: number): Generator<Move, void> {
  for (let passedMs = 0; passedMs < ms; passedMs += FRAME_MS) yield 'speak';
}

export function* silentFor(ms: number): Generator<Move, void> {
  for (let passedMs = 0; passedMs < ms; passedMs += FRAME_MS) yield 'silent';
}

/** Waits, but for no longer than `limitMs`: callers do not wait for ever either. */
export function* silentUntil(done: () => boolean, limitMs: number): Generator<Move, void> {
  for (let passedMs = 0; passedMs < limitMs && !done(); passedMs += FRAME_MS) yield 'silent';
}

/** Waits until the assistant has said something and then nothing for 300 ms. */
export function* heardOut(hearing: Hearing, limitMs = 8_000): Generator<Move, void> {
  const before = hearing.voicedFrames;
  yield* silentUntil(() => hearing.voicedFrames > before && hearing.quietMs >= 300, limitMs);
}

/** The same caller, but at frame `frames` this happens instead of what the script says. */
export function endingAt(script: Script, frames: number, move: 'hangup' | 'lose'): Script {
  return function* (hearing) {
    let passed = 0;
    for (const next of script(hearing)) {
      if (passed++ === frames) return yield move;
      yield next;
    }
  };
}

export interface SpeechOfCaller {
  readonly startMs: number;
  /** Where the last of it ends. */
  endMs: number;
}

/** A telephone: lets time pass on the line, and does what the script says, frame by frame. */
export class Phone {
  /** What the caller said, newest last. */
  readonly speeches: SpeechOfCaller[] = [];
  readonly pressedAtMs: number[] = [];
  /** When the caller ended the call, or the network did. */
  leftMs: number | undefined;
  readonly #clock: Clock;
  readonly #line: Line;
  readonly #hearing: Hearing;
  readonly #script: Generator<Move, void>;
  #timer: Timer | undefined;
  #dueMs: number;
  #last: Move = 'silent';

  constructor(clock: Clock, line: Line, hearing: Hearing, script: Script) {
    this.#clock = clock;
    this.#line = line;
    this.#hearing = hearing;
    this.#script = script(hearing);
    this.#dueMs = clock.nowMs();
    this.#tick();
  }

  #tick(): void {
    this.#timer = undefined;
    if (this.#line.over) return;
    this.#line.tick();
    this.#hearing.pass();
    const next = this.#script.next();
    this.#do(next.done ? 'hangup' : next.value);
    this.#dueMs += FRAME_MS;
    this.#timer = this.#clock.setTimer(this.#dueMs - this.#clock.nowMs(), () => this.#tick());
  }

  #do(move: Move): void {
    const nowMs = this.#clock.nowMs();
    if (move === 'hangup' || move === 'lose') {
      this.leftMs ??= nowMs;
      this.#line[move]();
    } else if (typeof move === 'object') {
      this.pressedAtMs.push(nowMs);
      this.#line.press(move.press);
      this.#line.say(SILENCE);
    } else {
      this.#line.say(move === 'speak' ? SPEECH : SILENCE);
      if (move === 'speak') this.#noteSpeech(nowMs);
    }
    this.#last = move;
  }

  /** A frame that is sent now was said in the 20 ms before. */
  #noteSpeech(nowMs: number): void {
    const running = this.speeches.at(-1);
    if (this.#last === 'speak' && running !== undefined) running.endMs = nowMs;
    else this.speeches.push({ startMs: nowMs - FRAME_MS, endMs: nowMs });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}

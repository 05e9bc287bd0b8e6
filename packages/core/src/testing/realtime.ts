import { type Clock, sleep } from '../clock.js';
import { RapidaError } from '../errors.js';
import { EventQueue } from '../event-queue.js';
import { RATE_HZ } from '../frame.js';
import type { ToolCall } from '../language-model.js';
import type { RealtimeEvent, RealtimeModel, RealtimeOptions, RealtimeSession } from '../realtime-model.js';
import { linkedAbort } from '../resilience/linked-abort.js';
import { TONE_MS_PER_CHAR } from './engines.js';
import { Faults } from './faults.js';

/** What the double makes of one request for an answer. */
export interface ScriptedSpeech {
  /** What it understands of the turn that is answered. */
  readonly hears?: string;
  readonly says?: string;
  readonly calls?: readonly ToolCall[];
  /** How it goes on when the calls have their results. */
  readonly afterCalls?: ScriptedSpeech;
}

/** Promises of the contract that a double can be made to break, to show that the suite sees it. */
export type BrokenPromise =
  | 'late-audio'
  | 'wrong-answer'
  | 'never-done'
  | 'two-finals'
  | 'no-transcript'
  | 'empty-audio'
  | 'forgets-tools'
  | 'ignores-abort'
  | 'keeps-listener'
  | 'throws-after-close'
  | 'strange-failure';

export interface ScriptedRealtimeOptions {
  readonly ttftMs?: number;
  /** Between chunks of 100 ms of sound. */
  readonly chunkMs?: number;
  /** How long the transcript of a turn takes. */
  readonly transcriptMs?: number;
  readonly faults?: Faults;
  readonly breaks?: BrokenPromise;
}

const CHUNK_MS = 100;

/** What a session of the double was told. */
export interface ScriptedSession {
  readonly options: RealtimeOptions;
  readonly turns: { readonly turn: number; frames: number }[];
  readonly asked: number[];
  readonly said: string[];
  readonly told: string[];
  readonly remembered: string[];
  readonly results: { readonly answer: number; readonly name: string; readonly result: string }[];
  readonly truncated: { readonly answer: number; readonly playedMs: number }[];
  closed: boolean;
}

/** Answers the n-th request for an answer with the n-th entry of its script: 50 ms of tone a character. Texts to be said it says. */
export class ScriptedRealtime implements RealtimeModel {
  readonly provider = 'scripted';
  readonly sessions: ScriptedSession[] = [];
  readonly #clock: Clock;
  readonly #script: ScriptedSpeech[];
  readonly #options: ScriptedRealtimeOptions;
  #last: Scripted | undefined;

  constructor(clock: Clock, script: readonly ScriptedSpeech[], options: ScriptedRealtimeOptions = {}) {
    this.#clock = clock;
    this.#script = [...script];
    this.#options = options;
  }

  open(options: RealtimeOptions, signal: AbortSignal): RealtimeSession {
    const session = new Scripted(this.#clock, options, () => this.#script.shift() ?? {}, this.#options, signal);
    this.sessions.push(session.seen);
    this.#last = session;
    return session;
  }

  /** The vendor drops the session that was opened last. */
  lose(): void {
    this.#last?.lose();
  }
}

interface Making {
  readonly answer: number;
  readonly abort: AbortController;
  /** Results of its calls that are missing. */
  awaited: number;
  /** All of it has come. */
  made: boolean;
  readonly afterCalls: ScriptedSpeech;
}

class Scripted implements RealtimeSession {
  readonly seen: ScriptedSession;
  readonly #clock: Clock;
  readonly #next: () => ScriptedSpeech;
  readonly #options: ScriptedRealtimeOptions;
  readonly #events: EventQueue<RealtimeEvent>;
  readonly #own: ReturnType<typeof linkedAbort>;
  #open: { readonly turn: number; frames: number } | undefined;
  #making: Making | undefined;

  constructor(
    clock: Clock,
    options: RealtimeOptions,
    next: () => ScriptedSpeech,
    how: ScriptedRealtimeOptions,
    signal: AbortSignal,
  ) {
    this.#clock = clock;
    this.#next = next;
    this.#options = how;
    const lists = { turns: [], asked: [], said: [], told: [], remembered: [], results: [], truncated: [] };
    this.seen = { options, ...lists, closed: false };
    const own = linkedAbort(signal);
    this.#own = own;
    const { breaks } = how;
    this.#events = new EventQueue(() => {
      this.seen.closed = true;
      if (breaks !== 'keeps-listener') own.unlink();
      this.#making?.abort.abort();
    });
    if (breaks === 'ignores-abort') return;
    if (signal.aborted) this.close();
    own.controller.signal.addEventListener('abort', () => this.close());
  }

  beginTurn(turn: number): void {
    if (this.#events.ended || this.#open !== undefined) return;
    this.#open = { turn, frames: 0 };
    this.seen.turns.push(this.#open);
  }

  write(): void {
    if (this.#options.breaks === 'throws-after-close' && this.#events.ended) throw new Error('closed');
    if (this.#open !== undefined) this.#open.frames++;
  }

  tell(text: string): void {
    this.seen.told.push(text);
  }

  remember(text: string): void {
    this.seen.remembered.push(text);
  }

  answer(answer: number): void {
    if (this.#events.ended) return;
    this.seen.asked.push(answer);
    const turn = this.#open?.turn;
    this.#open = undefined;
    const speech = this.#next();
    if (turn !== undefined) void this.#transcribe(turn, speech.hears ?? '');
    this.#make(answer, speech);
  }

  say(answer: number, text: string): void {
    if (this.#events.ended) return;
    this.seen.said.push(text);
    this.#make(answer, { says: text });
  }

  toolResult(answer: number, call: ToolCall, result: string): void {
    const making = this.#making;
    if (this.#events.ended || making?.answer !== answer) return;
    this.seen.results.push({ answer, name: call.name, result });
    making.awaited--;
    this.#goOn(making);
  }

  truncate(answer: number, playedMs: number): void {
    if (this.#events.ended) return;
    this.seen.truncated.push({ answer, playedMs });
    if (this.#options.breaks === 'late-audio') return;
    this.#events.forget((event) => 'answer' in event && event.answer === answer);
    if (this.#making?.answer !== answer) return;
    this.#making.abort.abort();
    this.#making = undefined;
  }

  close(): void {
    this.#events.close();
  }

  lose(): void {
    this.#events.fail(new RapidaError('provider_unavailable', 'scripted loss'));
  }

  [Symbol.asyncIterator](): AsyncIterator<RealtimeEvent> {
    return this.#events[Symbol.asyncIterator]();
  }

  /** After the calls, when both they and their results are there. */
  #goOn(making: Making): void {
    const isReady = making.made && making.awaited === 0 && this.#making === making;
    if (isReady && this.#options.breaks !== 'forgets-tools') this.#make(making.answer, making.afterCalls);
  }

  #make(answer: number, speech: ScriptedSpeech): void {
    const calls = speech.calls ?? [];
    const making: Making = {
      answer,
      abort: new AbortController(),
      awaited: calls.length,
      made: false,
      afterCalls: speech.afterCalls ?? {},
    };
    this.#making = making;
    const { signal } = making.abort;
    this.#produce(this.#options.breaks === 'wrong-answer' ? answer + 1 : answer, signal, speech).then(
      () => {
        making.made = true;
        if (calls.length > 0) this.#goOn(making);
      },
      (thrown: unknown) => {
        if (!signal.aborted) this.#events.fail(this.#failureOf(thrown));
      },
    );
  }

  #failureOf(thrown: unknown): RapidaError {
    return this.#options.breaks === 'strange-failure' ? new RapidaError('internal') : RapidaError.from(thrown);
  }

  async #produce(answer: number, signal: AbortSignal, { says = '', calls = [] }: ScriptedSpeech): Promise<void> {
    const { ttftMs = 100, chunkMs = 5, breaks } = this.#options;
    await sleep(this.#clock, ttftMs, signal);
    const words = says.match(/\S+\s*/gu) ?? [];
    const soundMs = says.length * TONE_MS_PER_CHAR;
    for (let fromMs = 0; fromMs < soundMs; fromMs += CHUNK_MS) {
      const word = words.shift();
      if (word !== undefined) await this.#emit({ type: 'text', answer, text: word }, signal);
      const samples = breaks === 'empty-audio' ? new Int16Array() : toneOf(Math.min(CHUNK_MS, soundMs - fromMs));
      await this.#emit({ type: 'audio', answer, samples }, signal);
      if (chunkMs > 0) await sleep(this.#clock, chunkMs, signal);
    }
    for (const word of words) await this.#emit({ type: 'text', answer, text: word }, signal);
    for (const call of calls) await this.#emit({ type: 'tool-call', answer, call }, signal);
    await this.#emit({ type: 'usage', inputTokens: 10, outputTokens: says.length }, signal);
    const awaits = calls.length > 0 ? 'tools' : 'nothing';
    if (breaks !== 'never-done') await this.#emit({ type: 'answer-done', answer, awaits }, signal);
  }

  async #emit(event: RealtimeEvent, signal: AbortSignal): Promise<void> {
    await (this.#options.faults ?? NO_FAULTS).pass(signal);
    signal.throwIfAborted();
    this.#events.push(event);
  }

  async #transcribe(turn: number, text: string): Promise<void> {
    const { transcriptMs = 40, breaks } = this.#options;
    await sleep(this.#clock, transcriptMs / 2, this.#own.controller.signal);
    const first = text.split(' ')[0] ?? '';
    if (first !== '' && first !== text) this.#events.push({ type: 'caller-text', turn, text: first, final: false });
    await sleep(this.#clock, transcriptMs / 2, this.#own.controller.signal);
    if (breaks === 'no-transcript') return;
    this.#events.push({ type: 'caller-text', turn, text, final: true });
    if (breaks === 'two-finals') this.#events.push({ type: 'caller-text', turn, text, final: true });
  }
}

const NO_FAULTS = new Faults();

function toneOf(ms: number): Int16Array {
  return Int16Array.from(
    { length: (RATE_HZ * ms) / 1000 },
    (_, i) => 6000 * Math.sin((2 * Math.PI * 440 * i) / RATE_HZ),
  );
}

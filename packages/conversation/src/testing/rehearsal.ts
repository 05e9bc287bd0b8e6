import {
  type AssistantConfig,
  type AssistantConfigInput,
  assistantConfigSchema,
  createScope,
  FRAME_MS,
  FRAME_SAMPLES,
  type LanguageModel,
  type SpeechToText,
  silentLogger,
  silentTelemetry,
  type TextToSpeech,
  type Toolbox,
  type TranscriptTurn,
} from '@rapida/core';
import {
  createLoudnessDetector,
  type ScriptedAnswer,
  ScriptedModel,
  ScriptedRecogniser,
  type ScriptedSegment,
  SilentPlayout,
  ToneVoice,
  VirtualClock,
} from '@rapida/core/testing';
import type {
  Conversation,
  ConversationEnd,
  HandOver,
  LiveEvent,
  ResumedConversation,
  ToolRecord,
} from '../conversation.js';
import type { RenderedGreeting } from '../greeting.js';
import { createConversation } from '../runtime.js';

export interface RehearsalPlan {
  readonly config?: Partial<AssistantConfigInput>;
  /** What the recogniser makes of the caller's segments, in order. */
  readonly hears?: readonly ScriptedSegment[];
  readonly answers?: readonly ScriptedAnswer[];
  readonly greeting?: RenderedGreeting;
  readonly transferTargets?: readonly string[];
  /** Default: it can be done. */
  readonly handOver?: (target: string) => Promise<HandOver>;
  readonly stt?: (clock: VirtualClock) => SpeechToText;
  readonly llm?: (clock: VirtualClock) => LanguageModel;
  readonly tts?: (clock: VirtualClock) => TextToSpeech;
  readonly spareTts?: (clock: VirtualClock) => TextToSpeech;
  readonly toolbox?: (clock: VirtualClock) => Toolbox;
  readonly fillers?: Promise<readonly RenderedGreeting[]>;
  readonly resumed?: ResumedConversation;
}

/** A whole conversation under the virtual clock: a caller who makes sound by the frame, engines that follow a script. */
export class Rehearsal {
  readonly clock = new VirtualClock();
  readonly turns: TranscriptTurn[] = [];
  readonly live: LiveEvent[] = [];
  readonly tools: ToolRecord[] = [];
  readonly metadata: [string, string][] = [];
  readonly errors: unknown[] = [];
  readonly handOvers: { readonly target: string; readonly signal: AbortSignal }[] = [];
  readonly stt: ScriptedRecogniser;
  readonly llm: ScriptedModel;
  readonly tts: ToneVoice;
  readonly conversation: Conversation;
  readonly scope = createScope('call', { clock: this.clock, onError: (error) => void this.errors.push(error) });
  playout!: SilentPlayout;
  end: ConversationEnd | undefined;
  ends = 0;
  /** How much later than true the frames say they are. */
  timelineLateMs = 0;
  #atMs: number;

  constructor(plan: RehearsalPlan = {}) {
    const { clock } = this;
    this.#atMs = clock.nowMs();
    this.stt = new ScriptedRecogniser(clock, plan.hears ?? []);
    this.llm = new ScriptedModel(clock, plan.answers ?? []);
    this.tts = new ToneVoice(clock);
    const spare = plan.spareTts?.(clock);
    this.conversation = createConversation({
      clock,
      logger: silentLogger,
      telemetry: silentTelemetry,
      scope: this.scope,
      config: configOf(plan.config ?? {}),
      providers: {
        stt: plan.stt?.(clock) ?? this.stt,
        llm: plan.llm?.(clock) ?? this.llm,
        tts: plan.tts?.(clock) ?? this.tts,
        vad: createLoudnessDetector,
        ...(spare !== undefined && { spareTts: { engine: spare, voice: 'spare' } }),
      },
      greeting: plan.greeting,
      transferTargets: plan.transferTargets ?? [],
      handOver: (target, signal) => {
        this.handOvers.push({ target, signal });
        return plan.handOver?.(target) ?? Promise.resolve({ ok: true });
      },
      variables: {},
      ...(plan.toolbox !== undefined && { toolbox: plan.toolbox(clock) }),
      ...(plan.fillers !== undefined && { fillers: plan.fillers }),
      ...(plan.resumed !== undefined && { resumed: plan.resumed }),
      onTool: (use) => void this.tools.push(use),
      onMetadata: (name, value) => void this.metadata.push([name, value]),
      lineRateHz: 8000,
      createPlayout: (listener) => {
        this.playout = new SilentPlayout(clock, listener);
        return this.playout;
      },
      onTurn: (turn) => void this.turns.push(turn),
      onLive: (event) => void this.live.push(event),
    });
    void this.conversation.ended.then((end) => {
      this.end = end;
      this.ends++;
    });
  }

  /** Media connects. */
  start(): this {
    this.conversation.start();
    this.#atMs = this.clock.nowMs();
    return this;
  }

  async speak(ms: number): Promise<void> {
    await this.#sound(ms, SPEECH);
  }

  async silence(ms: number): Promise<void> {
    await this.#sound(ms, SILENCE);
  }

  /** Speaks and then stays silent until the assistant is heard answering. */
  async sayAndAwaitAnswer(ms: number): Promise<void> {
    await this.speak(ms);
    const before = this.playout.begun.length;
    await this.silentUntil(() => this.playout.begun.length > before);
  }

  async silentUntil(done: () => boolean, limitMs = 60_000): Promise<void> {
    for (let passedMs = 0; !done(); passedMs += FRAME_MS) {
      if (passedMs > limitMs) throw new Error(`not reached within ${limitMs} ms`);
      await this.silence(FRAME_MS);
    }
  }

  said(): string[] {
    return this.turns.map((turn) => `${turn.role}${turn.interrupted ? ' (cut)' : ''}: ${turn.text}`);
  }

  async #sound(ms: number, samples: Int16Array): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += FRAME_MS) {
      await this.clock.advance(FRAME_MS);
      this.conversation.onFrame({ samples, atMs: this.#atMs + this.timelineLateMs });
      this.#atMs += FRAME_MS;
    }
    await this.clock.advance(0);
  }
}

export function configOf(input: Partial<AssistantConfigInput>): AssistantConfig {
  return assistantConfigSchema.parse({ name: 'Test', greeting: '', ...input });
}

const SILENCE = new Int16Array(FRAME_SAMPLES);
const SPEECH = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 5000 * Math.sin(i / 4));

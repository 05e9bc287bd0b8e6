import {
  type AssistantConfigInput,
  createScope,
  FRAME_MS,
  FRAME_SAMPLES,
  RapidaError,
  silentLogger,
  silentTelemetry,
  type TextToSpeech,
  type Toolbox,
  type TranscriptTurn,
} from '@rapida/core';
import {
  createLoudnessDetector,
  ScriptedModel,
  ScriptedRealtime,
  type ScriptedRealtimeOptions,
  ScriptedRecogniser,
  type ScriptedSession,
  type ScriptedSpeech,
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
} from '../../conversation.js';
import type { RenderedGreeting } from '../../greeting.js';
import { createConversation } from '../../runtime.js';
import { configOf } from '../../testing/rehearsal.js';

export interface RealtimeRehearsalPlan {
  readonly config?: Partial<AssistantConfigInput>;
  /** What the model hears and says, request by request. */
  readonly script?: readonly ScriptedSpeech[];
  readonly model?: ScriptedRealtimeOptions;
  readonly greeting?: RenderedGreeting;
  readonly transferTargets?: readonly string[];
  readonly spareTts?: (clock: VirtualClock) => TextToSpeech;
  readonly handOver?: (target: string) => Promise<HandOver>;
  readonly toolbox?: Toolbox;
  readonly resumed?: ResumedConversation;
}

/** A whole conversation over a scripted realtime model, under the virtual clock. */
export class RealtimeRehearsal {
  readonly clock = new VirtualClock();
  readonly turns: TranscriptTurn[] = [];
  readonly live: LiveEvent[] = [];
  readonly errors: unknown[] = [];
  readonly handOvers: string[] = [];
  readonly tools: ToolRecord[] = [];
  readonly metadata: (readonly [string, string])[] = [];
  readonly model: ScriptedRealtime;
  readonly spare: ToneVoice;
  readonly conversation: Conversation;
  readonly scope = createScope('call', { clock: this.clock, onError: (error) => void this.errors.push(error) });
  playout!: SilentPlayout;
  end: ConversationEnd | undefined;
  ends = 0;
  #atMs: number;

  constructor(plan: RealtimeRehearsalPlan = {}) {
    const { clock } = this;
    this.#atMs = clock.nowMs();
    this.model = new ScriptedRealtime(clock, plan.script ?? [], plan.model ?? {});
    this.spare = new ToneVoice(clock, { provider: 'spare' });
    this.conversation = createConversation({
      clock,
      logger: silentLogger,
      telemetry: silentTelemetry,
      scope: this.scope,
      config: configOf(plan.config ?? {}),
      providers: {
        // Opened by nobody where there is a realtime model.
        stt: new ScriptedRecogniser(clock, []),
        llm: new ScriptedModel(clock, []),
        tts: new ToneVoice(clock),
        vad: createLoudnessDetector,
        realtime: this.model,
        spareTts: { engine: plan.spareTts?.(clock) ?? this.spare, voice: 'spare' },
      },
      greeting: plan.greeting,
      transferTargets: plan.transferTargets ?? [],
      handOver: (target) => {
        this.handOvers.push(target);
        return plan.handOver?.(target) ?? Promise.resolve({ ok: true });
      },
      ...(plan.toolbox !== undefined && { toolbox: plan.toolbox }),
      ...(plan.resumed !== undefined && { resumed: plan.resumed }),
      onTool: (use) => void this.tools.push(use),
      onMetadata: (name, value) => void this.metadata.push([name, value]),
      variables: { caller: 'Ada' },
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

  /** What the session that is open now was told. */
  get session(): ScriptedSession {
    const session = this.model.sessions.at(-1);
    if (session === undefined) throw new Error('no session was opened');
    return session;
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
      this.conversation.onFrame({ samples, atMs: this.#atMs });
      this.#atMs += FRAME_MS;
    }
    await this.clock.advance(0);
  }
}

const SILENCE = new Int16Array(FRAME_SAMPLES);
const SPEECH = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 5000 * Math.sin(i / 4));

/** A voice that has never a sound. */
export const brokenVoice: TextToSpeech = {
  provider: 'broken',
  speak: () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new RapidaError('provider_unavailable')) }),
  }),
};

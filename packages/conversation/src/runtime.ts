import type {
  LanguageModelEvent,
  PlayoutListener,
  PlayoutResult,
  RapidaError,
  TimeoutOptions,
  Transcript,
} from '@rapida/core';
import { NO_HINTS, NO_TOOLS, timedLanguageModel, timedTextToSpeech } from '@rapida/core';
import type { Action } from './actions.js';
import type { Conversation, ConversationEnd, ConversationOptions } from './conversation.js';
import type { ConversationEvent, TimerName } from './events.js';
import type { RenderedGreeting } from './greeting.js';
import { tonesOf } from './keys.js';
import type { View } from './moves.js';
import { createSilenceTurnDetector } from './policy/end-of-turn.js';
import { NET_MS } from './policy/failure.js';
import { takesTransfer } from './policy/hand-over.js';
import { createRealtimeConversation } from './realtime/runtime.js';
import { type Brain, createBrain } from './shell/brain.js';
import { createEars, type Ears } from './shell/ears.js';
import { handOver } from './shell/hand-over.js';
import { NamedTimers } from './shell/named-timers.js';
import { numberedPlayout } from './shell/numbered-playout.js';
import { tell } from './shell/tell.js';
import { createToolRuns, type ToolRuns } from './shell/tool-runs.js';
import { createVoice, type Voice } from './shell/voice.js';
import { initialState, SAY_QUEUE_MAX, type State } from './state.js';
import { step } from './step.js';
import { type ToolRules, toolsFor } from './tools.js';

export function createConversation(options: ConversationOptions): Conversation {
  const { realtime } = options.providers;
  return realtime === undefined ? new RunningConversation(options) : createRealtimeConversation(options, realtime);
}

type Unstamped = ConversationEvent extends infer E ? (E extends { atMs: number } ? Omit<E, 'atMs'> : never) : never;

/** The thin shell: turns what happens into events, steps, and does what the step says. It decides nothing. */
class RunningConversation implements Conversation {
  readonly ended: Promise<ConversationEnd>;
  readonly #options: ConversationOptions;
  readonly #ears: Ears;
  readonly #voice: Voice;
  readonly #brain: Brain;
  readonly #constants: Omit<View, 'nowMs'>;
  readonly #toolRules: ToolRules;
  readonly #toolRuns: ToolRuns;
  #fillers: readonly RenderedGreeting[] = [];
  readonly #timers: NamedTimers<TimerName>;
  /** Events wait here while one is being stepped: what an action sets off comes after all actions of its step. */
  readonly #queue: ConversationEvent[] = [];
  #handingOver: AbortController | undefined;
  #stepping = false;
  #state: State = initialState();
  #resolveEnded: (end: ConversationEnd) => void = () => {};

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    const { config, greeting, toolbox = NO_TOOLS } = options;
    this.#timers = new NamedTimers(options.clock, (name) => this.#emit({ type: 'timer', name }));
    this.#toolRules = {
      builtIn: config.tools.builtIn,
      transferTargets: options.transferTargets,
      tools: toolbox.tools,
    };
    this.#constants = {
      config,
      variables: options.variables,
      toolRules: this.#toolRules,
      detector: createSilenceTurnDetector(config.turn),
      expectations: (memo) => options.providers.llm.expectations?.(memo) ?? NO_HINTS,
      renderedGreeting: greeting?.text,
      resumed: options.resumed,
    };
    this.#ears = this.#createEars();
    this.#voice = this.#createVoice();
    this.#brain = createBrain({
      model: timedLanguageModel(options.providers.llm, this.#patience()),
      listener: {
        event: (reply, event) => this.#onModel(reply, event),
        done: (reply) => this.#emit({ type: 'model-done', reply }),
        failed: (reply, error) => this.#onFailure('llm', reply, error),
      },
    });
    this.#toolRuns = createToolRuns({
      toolbox,
      logger: options.logger,
      onResult: (callId, { result, code }) => this.#emit({ type: 'tool-result', callId, result, code }),
    });
    options.scope.onClose(() => this.callerGone('call_closed'));
    void options.fillers?.then((fillers) => {
      this.#fillers = fillers;
      this.#emit({ type: 'fillers-ready', texts: fillers.map(({ text }) => text) });
    });
  }

  start(): void {
    this.#emit({ type: 'started' });
  }

  onFrame: Conversation['onFrame'] = (frame) => {
    if (this.#state.phase === 'live') this.#ears.onFrame(frame);
  };

  onDtmf(digit: string): void {
    this.#emit({ type: 'dtmf', digit });
  }

  say(text: string): boolean {
    const { phase, ending, reply, sayQueue } = this.#state;
    if (phase !== 'live' || ending !== undefined || reply?.interruptible === false) return false;
    if (sayQueue.length >= SAY_QUEUE_MAX) return false;
    this.#emit({ type: 'say', text });
    return true;
  }

  finish(reason: string, transferTo?: string): boolean {
    if (transferTo !== undefined && !takesTransfer(this.#state)) return false;
    this.#emit({ type: 'finish', reason, ...(transferTo !== undefined && { transferTo }) });
    return true;
  }

  goodbye(reason: string): void {
    this.#emit({ type: 'goodbye', reason });
  }

  callerGone(reason: string): void {
    this.#emit({ type: 'caller-gone', reason });
  }

  #emit(event: Unstamped): void {
    this.#queue.push({ ...event, atMs: this.#options.clock.nowMs() } as ConversationEvent);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#step(next);
    } finally {
      this.#stepping = false;
    }
  }

  #step(event: ConversationEvent): void {
    const [state, actions] = step(this.#state, event, { ...this.#constants, nowMs: event.atMs });
    this.#state = state;
    for (const action of actions) this.#perform(action);
  }

  #perform(action: Action): void {
    switch (action.type) {
      case 'think':
        return this.#brain.think(action.reply, { ...action.request, tools: toolsFor(this.#toolRules) });
      case 'stop-thinking':
        return this.#brain.stop();
      case 'speak':
        return this.#voice.speak(action.reply, action.utterance, action.text, action.voice);
      case 'play-greeting':
        if (this.#options.greeting !== undefined) this.#voice.play(action.utterance, this.#options.greeting);
        return;
      case 'speak-end':
        return this.#voice.endOfPieces(action.reply);
      case 'pause-voice':
        return this.#voice.pause();
      case 'hold-voice':
        return this.#voice.hold();
      case 'resume-voice':
        return this.#voice.resume();
      case 'cut-voice':
        return this.#voice.cut();
      case 'reopen-ears':
        return this.#ears.reopen();
      case 'expect':
        return this.#ears.expect(this.#constants.expectations(action.memo));
      case 'set-timer':
        return this.#timers.set(action.name, action.delayMs);
      case 'cancel-timer':
        return this.#timers.cancel(action.name);
      case 'hand-over':
        return this.#handOver(action.target);
      case 'stop-hand-over':
        return this.#handingOver?.abort('call_ended');
      case 'run-tool':
        return this.#toolRuns.run(action.call, action.sideEffect);
      case 'stop-tools':
        return this.#toolRuns.stop();
      case 'press-keys':
        return this.#voice.play(action.utterance, tonesOf(action.digits));
      case 'play-filler':
        return this.#playFiller(action.utterance, action.index);
      case 'end':
        return this.#end(action.end);
      default:
        return tell(action, this.#options);
    }
  }

  #playFiller(utterance: number, index: number): void {
    const filler = this.#fillers[index];
    if (filler === undefined) return;
    this.#options.telemetry.count('rapida_fillers_total');
    this.#voice.play(utterance, filler);
  }

  #handOver(target: string): void {
    this.#handingOver = handOver(this.#options, target, (result) => this.#emit({ type: 'handed-over', result }));
  }

  #end(end: ConversationEnd): void {
    this.#handingOver?.abort(end.by === 'user' ? 'caller_hangup' : 'call_ended');
    this.#timers.cancelAll();
    this.#brain.stop();
    this.#toolRuns.stop();
    this.#ears.close();
    this.#voice.close();
    this.#resolveEnded(end);
  }

  #onModel(reply: number, event: LanguageModelEvent): void {
    switch (event.type) {
      case 'text':
        return this.#emit({ type: 'model-text', reply, text: event.text });
      case 'tool-call':
        return this.#emit({ type: 'model-tool', reply, call: event.call });
      case 'memo':
        return this.#emit({ type: 'model-memo', reply, memo: event.memo });
      case 'usage':
        return;
    }
  }

  #onFailure(kind: 'stt' | 'llm' | 'tts', reply: number, error: RapidaError): void {
    this.#options.logger.debug({ kind, code: error.code, err: error.cause ?? error }, 'provider failure in detail');
    this.#emit({ type: 'failed', kind, reply, code: error.code });
  }

  #onTranscript(transcript: Transcript): void {
    const { text } = transcript;
    if (transcript.kind === 'final')
      this.#emit({ type: 'final', text: text.trim(), rejected: transcript.rejected === true });
    else if (text !== '') this.#options.onLive?.({ type: 'caller_partial', text });
  }

  #patience(): TimeoutOptions {
    const { clock, config } = this.#options;
    return { clock, providerMs: config.limits.providerMs + NET_MS };
  }

  #createEars(): Ears {
    const { providers, config, lineRateHz } = this.#options;
    return createEars({
      clock: this.#options.clock,
      vad: providers.vad(),
      stt: providers.stt,
      language: config.language,
      lineRateHz,
      preRollMs: config.turn.preRollMs,
      sustainedMs: config.turn.interruptAfterMs,
      listener: {
        speechStart: (startMs) => this.#emit({ type: 'speech-start', startMs }),
        speechSustained: (voicedMs) => this.#emit({ type: 'speech-sustained', voicedMs }),
        speechLong: (voicedMs) => this.#emit({ type: 'speech-long', voicedMs }),
        speechEnd: (lastVoicedMs, voicedMs) => this.#emit({ type: 'speech-end', lastVoicedMs, voicedMs }),
        transcript: (transcript) => this.#onTranscript(transcript),
        failed: (error) => this.#onFailure('stt', 0, error),
      },
    });
  }

  #createVoice(): Voice {
    const { providers, config, clock } = this.#options;
    const voice = { speed: config.tts.speed, language: config.language };
    const timing = this.#patience();
    return createVoice({
      clock,
      main: timedTextToSpeech(providers.tts, timing),
      spare: providers.spareTts && timedTextToSpeech(providers.spareTts.engine, timing),
      options: { ...voice, voice: config.tts.voice },
      spareOptions: { ...voice, voice: providers.spareTts?.voice ?? config.tts.voice },
      playout: numberedPlayout(this.#options.createPlayout, this.#playoutListener()),
      listener: {
        sound: (utterance, soundMs, synthesised) => this.#emit({ type: 'sound', utterance, soundMs, synthesised }),
        words: (utterance, words) => this.#emit({ type: 'words', utterance, words }),
        failed: (reply, error) => this.#onFailure('tts', reply, error),
      },
    });
  }

  #playoutListener(): PlayoutListener {
    return {
      onStarted: (utterance) => this.#emit({ type: 'utterance-started', utterance }),
      onFinished: (utterance, { playedMs, cut }: PlayoutResult) =>
        this.#emit({ type: 'utterance-finished', utterance, playedMs, cut }),
    };
  }
}

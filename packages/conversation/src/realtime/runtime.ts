import type { Playout, PlayoutListener, RapidaError, RealtimeEvent, RealtimeModel } from '@rapida/core';
import { NO_TOOLS, timedTextToSpeech } from '@rapida/core';
import type { Conversation, ConversationEnd, ConversationOptions } from '../conversation.js';
import { createSilenceTurnDetector } from '../policy/end-of-turn.js';
import { createEars, type Ears } from '../shell/ears.js';
import { handOver } from '../shell/hand-over.js';
import { NamedTimers } from '../shell/named-timers.js';
import { tell } from '../shell/tell.js';
import { createToolRuns, type ToolRuns } from '../shell/tool-runs.js';
import { createVoice, type Voice } from '../shell/voice.js';
import { SAY_QUEUE_MAX } from '../state.js';
import { type ToolRules, toolsFor } from '../tools.js';
import type { RealtimeAction } from './actions.js';
import type { RealtimeConversationEvent, RealtimeTimerName } from './events.js';
import type { View } from './moves.js';
import { takesTransfer } from './policy/hand-over.js';
import { ModelLine } from './shell/model-line.js';
import { Mouth } from './shell/mouth.js';
import { initialRealtimeState, type RealtimeState } from './state.js';
import { step } from './step.js';

export function createRealtimeConversation(options: ConversationOptions, model: RealtimeModel): Conversation {
  return new RealtimeConversation(options, model);
}

type Unstamped = RealtimeConversationEvent extends infer E
  ? E extends { atMs: number }
    ? Omit<E, 'atMs'>
    : never
  : never;

/** The thin shell: turns what happens into events, steps, and does what the step says. It decides nothing. */
class RealtimeConversation implements Conversation {
  readonly ended: Promise<ConversationEnd>;
  readonly #options: ConversationOptions;
  readonly #constants: Omit<View, 'nowMs'>;
  readonly #line: ModelLine;
  readonly #ears: Ears;
  readonly #mouth: Mouth;
  /** For what the model does not say: the greeting rendered ahead, and that it has failed. */
  readonly #voice: Voice;
  readonly #toolRuns: ToolRuns;
  readonly #timers: NamedTimers<RealtimeTimerName>;
  /** Events wait here while one is being stepped: what an action sets off comes after all actions of its step. */
  readonly #queue: RealtimeConversationEvent[] = [];
  #handingOver: AbortController | undefined;
  #stepping = false;
  #state: RealtimeState = initialRealtimeState();
  #resolveEnded: (end: ConversationEnd) => void = () => {};

  constructor(options: ConversationOptions, model: RealtimeModel) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    const { config, greeting, transferTargets, toolbox = NO_TOOLS } = options;
    const detector = createSilenceTurnDetector(config.turn);
    // Tones are no part of what the model says: its sound and theirs would not come in order.
    const builtIn = { ...config.tools.builtIn, sendDtmf: false };
    const toolRules = { builtIn, transferTargets, tools: toolbox.tools };
    this.#constants = { config, toolRules, detector, renderedGreeting: greeting?.text, resumed: options.resumed };
    this.#timers = new NamedTimers(options.clock, (name) => this.#emit({ type: 'timer', name }));
    this.#toolRuns = createToolRuns({
      ...{ toolbox, logger: options.logger },
      onResult: (callId, { result, code }) => this.#emit({ type: 'tool-result', callId, result, code }),
    });
    this.#line = this.#createLine(model, toolRules);
    this.#ears = this.#createEars();
    const playout = options.createPlayout(this.#playoutListener());
    this.#mouth = new Mouth(playout);
    this.#voice = this.#createVoice(playout);
    options.scope.onClose(() => this.callerGone('call_closed'));
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
    const { phase, ending, answer, sayQueue } = this.#state;
    if (phase !== 'live' || ending !== undefined || answer?.interruptible === false) return false;
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
    this.#queue.push({ ...event, atMs: this.#options.clock.nowMs() } as RealtimeConversationEvent);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#step(next);
    } finally {
      this.#stepping = false;
    }
  }

  #step(event: RealtimeConversationEvent): void {
    const [state, actions] = step(this.#state, event, { ...this.#constants, nowMs: event.atMs });
    this.#state = state;
    for (const action of actions) this.#perform(action);
  }

  #perform(action: RealtimeAction): void {
    switch (action.type) {
      case 'open-session':
        return this.#line.open(action.history);
      case 'begin-turn':
        return this.#line.beginTurn(action.turn);
      case 'ask':
        this.#mouth.expect(action.answer);
        return this.#line.ask(action.answer);
      case 'tell':
        return this.#line.session?.tell(action.text);
      case 'ask-to-say':
        this.#mouth.expect(action.answer);
        return this.#line.session?.say(action.answer, action.text);
      case 'tool-result':
        return this.#line.session?.toolResult(action.answer, action.call, action.result);
      case 'truncate':
        return this.#line.session?.truncate(action.answer, action.playedMs);
      case 'remember':
        return this.#line.session?.remember(action.text);
      case 'run-tool':
        return this.#toolRuns.run(action.call, action.sideEffect);
      case 'stop-tools':
        return this.#toolRuns.stop();
      case 'hand-over':
        return this.#handOver(action.target);
      case 'stop-hand-over':
        return this.#handingOver?.abort('call_ended');
      case 'set-timer':
        return this.#timers.set(action.name, action.delayMs);
      case 'cancel-timer':
        return this.#timers.cancel(action.name);
      case 'end':
        return this.#end(action.end);
      default:
        return this.#sound(action);
    }
  }

  #sound(
    action: Exclude<
      RealtimeAction,
      {
        type:
          | 'open-session'
          | 'begin-turn'
          | 'ask'
          | 'ask-to-say'
          | 'tool-result'
          | 'tell'
          | 'run-tool'
          | 'stop-tools'
          | 'hand-over'
          | 'stop-hand-over'
          | 'truncate'
          | 'remember'
          | 'set-timer'
          | 'cancel-timer'
          | 'end';
      }
    >,
  ): void {
    switch (action.type) {
      case 'speak':
        this.#voice.speak(action.answer, action.answer, action.text, 'spare');
        return this.#voice.endOfPieces(action.answer);
      case 'play-greeting':
        if (this.#options.greeting !== undefined) this.#voice.play(action.answer, this.#options.greeting);
        return;
      case 'end-sound':
        return this.#mouth.end(action.answer);
      case 'hold-voice':
        return this.#voice.hold();
      case 'resume-voice':
        return this.#voice.resume();
      case 'cut-voice':
        this.#mouth.drop();
        return this.#voice.cut();
      default:
        return tell(action, this.#options);
    }
  }

  #handOver(target: string): void {
    this.#handingOver = handOver(this.#options, target, (result) => this.#emit({ type: 'handed-over', result }));
  }

  #end(end: ConversationEnd): void {
    this.#handingOver?.abort(end.by === 'user' ? 'caller_hangup' : 'call_ended');
    this.#toolRuns.stop();
    this.#timers.cancelAll();
    this.#ears.close();
    this.#mouth.drop();
    this.#line.close();
    this.#voice.close();
    this.#resolveEnded(end);
  }

  #onModel(event: RealtimeEvent): void {
    switch (event.type) {
      case 'audio': {
        const { answer, samples } = event;
        const tellSound = (soundMs: number) => this.#emit({ type: 'sound', answer, soundMs, complete: false });
        if (this.#mouth.hear(answer, samples, tellSound) === 'full') this.#emit({ type: 'answer-too-long', answer });
        return;
      }
      case 'text':
        return this.#emit({ type: 'answer-text', answer: event.answer, text: event.text });
      case 'tool-call':
        return this.#emit({ type: 'answer-tool', answer: event.answer, call: event.call });
      case 'answer-done':
        return this.#emit({ type: 'answer-done', answer: event.answer, awaits: event.awaits });
      case 'caller-text':
        return this.#emit({ type: 'caller-text', turn: event.turn, text: event.text, final: event.final });
      case 'usage':
        return;
    }
  }

  #detail(kind: 'realtime' | 'tts', error: RapidaError): void {
    this.#options.logger.debug({ kind, code: error.code, err: error.cause ?? error }, 'provider failure in detail');
  }

  #createLine(model: RealtimeModel, rules: ToolRules): ModelLine {
    const { config, variables, lineRateHz } = this.#options;
    const { instructions, language } = config;
    return new ModelLine({
      model,
      options: { instructions, variables, language, lineRateHz, tools: toolsFor(rules) },
      listener: {
        event: (event) => this.#onModel(event),
        failed: (error) => {
          this.#detail('realtime', error);
          this.#emit({ type: 'session-failed', code: error.code });
        },
      },
    });
  }

  #createEars(): Ears {
    const { clock, providers, config, lineRateHz } = this.#options;
    return createEars({
      ...{ clock, lineRateHz, vad: providers.vad(), stt: this.#line.asRecogniser() },
      language: config.language,
      preRollMs: config.turn.preRollMs,
      sustainedMs: config.turn.interruptAfterMs,
      listener: {
        speechStart: (startMs) => this.#emit({ type: 'speech-start', startMs }),
        speechSustained: () => this.#emit({ type: 'speech-sustained' }),
        speechLong() {},
        speechEnd: (lastVoicedMs) => this.#emit({ type: 'speech-end', lastVoicedMs }),
        transcript() {},
        failed: (error) => this.#detail('realtime', error),
      },
    });
  }

  #createVoice(playout: Playout): Voice {
    const { providers, config, clock } = this.#options;
    const spare = providers.spareTts ?? { engine: providers.tts, voice: config.tts.voice };
    const timing = { clock, providerMs: config.limits.providerMs };
    const voice = { speed: 1, language: config.language };
    return createVoice({
      clock,
      playout,
      main: timedTextToSpeech(providers.tts, timing),
      spare: timedTextToSpeech(spare.engine, timing),
      options: { ...voice, voice: config.tts.voice },
      spareOptions: { ...voice, voice: spare.voice },
      listener: {
        sound: (answer, soundMs, complete) => this.#emit({ type: 'sound', answer, soundMs, complete }),
        words() {},
        failed: (answer, error) => {
          this.#detail('tts', error);
          this.#emit({ type: 'voice-failed', answer, code: error.code });
        },
      },
    });
  }

  #playoutListener(): PlayoutListener {
    return {
      onStarted: (answer) => this.#emit({ type: 'utterance-started', answer }),
      onFinished: (answer, { playedMs, cut }) => this.#emit({ type: 'utterance-finished', answer, playedMs, cut }),
    };
  }
}

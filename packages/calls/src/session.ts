import type { Conversation, ConversationOptions } from '@rapida/conversation';
import {
  type AssistantConfig,
  type CallContext,
  type Clock,
  type EntityId,
  type ErrorCode,
  type Logger,
  type MediaTransport,
  RapidaError,
  type Scope,
  type Telemetry,
  type TranscriptTurn,
  type TransferFailure,
} from '@rapida/core';
import { type Analyses, promisedAnalysis } from './after-call/analyses.js';
import { within } from './bounded-wait.js';
import { CallLeg, type Eavesdropper, type PlayoutFactory } from './call-leg.js';
import { createHandOver, type HandOverDependencies } from './hand-over.js';
import type { Journal } from './journal.js';
import type { LiveWords } from './live-feed.js';
import { type CallOutcome, type EndOrder, type FirstEnd, failureOrder, outcomeOf } from './outcome.js';
import type { PendingCall, PreparedCall } from './preparation.js';
import { recordEnding } from './record-ending.js';
import type { RecorderFactory } from './recorder.js';
import { createNotes, toolEvent } from './tools/record.js';

/** How long connected media waits, in silence, for engines that are not open yet. */
export const PROVIDERS_WAIT_MS = 2_000;
/** How long it then waits for a greeting that is nearly rendered, before it is spoken live. */
export const GREETING_WAIT_MS = 250;
/** How long a conversation may take to fall silent once its call has ended. */
export const CONVERSATION_STOP_MS = 2_000;
/** Past the limit of the call, which the conversation keeps itself, everything is torn down. */
export const LEASE_EXTRA_MS = 60_000;

export interface SessionDependencies extends HandOverDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly createPlayout: PlayoutFactory;
  readonly createRecorder: RecorderFactory;
  readonly recordingsDir: string;
  /** Whose call it is from now on, whoever registered it. */
  readonly nodeId: string;
  readonly analyses: Pick<Analyses, 'promised'>;
  readonly createConversation: (options: ConversationOptions) => Conversation;
}

export interface SessionCall {
  readonly context: CallContext;
  readonly transport: MediaTransport;
  readonly pending: PendingCall;
  readonly journal: Journal;
  readonly words: LiveWords;
  /** The call's own: closing it ends the call. The session never closes it. */
  readonly scope: Scope;
}

/**
 * One call from connected media to its last record. The caller, the conversation, a limit or an order from outside may
 * end it: the first of them decides the one outcome, and everything else is ended with it. Every wait is bounded.
 */
export class CallSession {
  readonly callId: EntityId;
  /** Resolves when the call has ended and its record is written or given up. Never rejects. */
  readonly ended: Promise<void>;
  readonly #dependencies: SessionDependencies;
  readonly #call: SessionCall;
  readonly #ending = new AbortController();
  readonly #first: Promise<FirstEnd>;
  #decide: (first: FirstEnd) => void = () => {};
  #finish: () => void = () => {};
  #conversation: Conversation | undefined;
  #leg: CallLeg | undefined;
  #startedAtMs = 0;
  #endedAtMs = 0;
  #endedWallMs = 0;
  #talkMs = 0;
  #turns = 0;
  /** Known when it is in conversation. */
  #config: AssistantConfig | undefined;
  /** Where the call is to be handed over by an order whose turn has not come. */
  #ordered: string | undefined;

  constructor(dependencies: SessionDependencies, call: SessionCall) {
    this.callId = call.context.callId;
    this.#dependencies = dependencies;
    this.#call = call;
    this.#first = new Promise((resolve) => {
      this.#decide = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Runs the call to its end. Called once. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      // Nothing below is expected to throw; whatever did must leave neither a caller on the line nor a call without an end.
      this.#fault(error);
      this.#call.transport.hangup();
      await this.#recordEnding(outcomeOf(await this.#first));
    }
    this.#finish();
  }

  /** Ends the call after what is being said. False when it is ending already. */
  hangup(reason: string): boolean {
    if (this.#ending.signal.aborted) return false;
    if (this.#conversation === undefined) this.#order({ reason, failed: false });
    else this.#conversation.finish(reason);
    return true;
  }

  /** Hands the call over after what is being said. False when it is ending, being handed over, or not yet in conversation. */
  transfer(target: string): boolean {
    if (this.#ending.signal.aborted || this.#conversation === undefined) return false;
    const before = this.#ordered;
    // Set first: it may be its turn at once.
    this.#ordered = target;
    const taken = this.#conversation.finish('transfer_requested', target);
    if (!taken) this.#ordered = before;
    return taken;
  }

  /** False when the call is ending, or not yet in conversation. */
  say(text: string): boolean {
    return !this.#ending.signal.aborted && this.#conversation?.say(text) === true;
  }

  /** The telephone has hung up: reported beside the media, which may end in whatever way. */
  callerGone(): void {
    this.#end({ kind: 'media', closed: { by: 'caller', reason: 'caller_hangup' } });
  }

  /** Hears both sides from now on; undefined: nobody does. False when there is nothing to hear any more. */
  overheardBy(eavesdropper: Eavesdropper | undefined): boolean {
    if (this.#ending.signal.aborted) return false;
    this.#leg?.overheardBy(eavesdropper);
    return true;
  }

  /** A key that was reported beside the media. */
  press(digit: string): void {
    this.#leg?.press(digit);
  }

  async #run(): Promise<void> {
    const { context, transport, scope, journal } = this.#call;
    this.#startedAtMs = this.#dependencies.clock.nowMs();
    const leg = new CallLeg({
      ...this.#dependencies,
      callId: context.callId,
      transport,
      onFault: (error) => this.#fault(error),
    });
    this.#leg = leg;
    transport.closed.then((closed) => this.#end({ kind: 'media', closed }));
    const onClose = (): void => this.#order({ reason: wordOf(scope.signal.reason), failed: false });
    if (scope.signal.aborted) onClose();
    else scope.signal.addEventListener('abort', onClose, { once: true });
    leg.start();
    this.#connected(leg);

    const prepared = await this.#prepared();
    if (prepared !== undefined) await this.#converse(leg, prepared);
    const first = await this.#first;
    const outcome = outcomeOf(first);
    await this.#endConversation(first);
    // AudioSocket shows with its first sound what it speaks, which is after the record was begun.
    journal.patch({ format: transport.wire.format });
    this.#transferLeft(first);
    await leg.close();
    // What changes something may still run: the toolbox waits for it.
    void prepared?.toolbox.close();
    await this.#recordEnding(outcome);
  }

  async #recordEnding(outcome: CallOutcome): Promise<void> {
    const { logger } = this.#dependencies;
    const durationMs = this.#endedAtMs - this.#startedAtMs;
    logger.info({ ...outcome, durationMs }, 'the call has ended');
    const times = { endedAtMs: this.#endedWallMs, durationMs, talkMs: this.#talkMs };
    const patch = promisedAnalysis(this.#config, this.#turns);
    await recordEnding(this.#call.journal, this.#dependencies, { outcome, ...times, patch });
    const { projectId } = this.#call.context;
    if (patch.analysis !== undefined) this.#dependencies.analyses.promised({ projectId, id: this.callId });
  }

  #connected(leg: CallLeg): void {
    const { transport, pending, journal } = this.#call;
    const { kind, wire } = transport;
    const recording = pending.assistant?.config.recording.enabled ? leg.record() : null;
    const connectedAtMs = this.#dependencies.clock.wallMs();
    const { nodeId } = this.#dependencies;
    const patch = { connectedAtMs, transport: kind, format: wire.format, recording, nodeId };
    const data = { transport: kind, format: wire.format, rateHz: wire.rateHz };
    void journal.transition('connect', patch, { type: 'call.connected', data }).then((moved) => {
      // Somebody has written an end that stands: this leg came too late.
      if (moved === false) this.#order({ reason: 'call_ended', failed: false });
    });
  }

  /** What the conversation needs; undefined when the call ended before, or cannot be held without it. */
  async #prepared(): Promise<PreparedCall | undefined> {
    const { clock, logger } = this.#dependencies;
    try {
      const ready = await within(clock, this.#call.pending.ready, PROVIDERS_WAIT_MS, this.#ending.signal);
      if (this.#ending.signal.aborted) return undefined;
      if (!ready.inTime) throw new RapidaError('provider_timeout');
      return ready.value;
    } catch (error) {
      const { code } = RapidaError.from(error);
      logger.error({ err: error, code }, 'the call cannot be held: its engines are not there');
      this.#order(failureOrder(reasonOf(code), code));
      return undefined;
    }
  }

  async #converse(leg: CallLeg, prepared: PreparedCall): Promise<void> {
    const { scope, pending, journal, transport } = this.#call;
    const { clock, logger, telemetry } = this.#dependencies;
    const { config } = prepared;
    this.#config = config;
    const lease = clock.setTimer(config.limits.callMs + LEASE_EXTRA_MS, () =>
      this.#order(failureOrder('lease_expired', 'internal')),
    );
    this.#ending.signal.addEventListener('abort', () => lease.cancel(), { once: true });
    prepared.providers.onIncident?.((incident) => journal.event('provider.failed', { ...incident }));
    if (pending.assistant === undefined && config.recording.enabled) journal.patch({ recording: leg.record() });
    const allowed = prepared.assistant.deployment.transferTargets;
    const handOver = createHandOver(this.#dependencies, { context: this.#call.context, journal, allowed });
    const greeting = await within(clock, prepared.greeting, GREETING_WAIT_MS, this.#ending.signal);
    if (this.#ending.signal.aborted) return;
    try {
      const conversation = this.#dependencies.createConversation({
        clock,
        logger,
        telemetry,
        scope: scope.child('conversation'),
        config,
        providers: prepared.providers,
        greeting: greeting.inTime ? greeting.value : undefined,
        transferTargets: allowed,
        handOver: (target, signal) => {
          this.#ordered = undefined;
          return handOver(target, signal);
        },
        variables: prepared.variables,
        lineRateHz: transport.wire.rateHz,
        createPlayout: (listener) => leg.playoutFor(listener),
        toolbox: prepared.toolbox,
        fillers: prepared.fillers,
        onTurn: (turn) => this.#onTurn(turn),
        onTool: (use) => journal.event('tool.called', toolEvent(use)),
        onMetadata: createNotes(prepared.metadata, journal),
        onLive: (event) => this.#call.words.said(event),
      });
      this.#conversation = conversation;
      conversation.ended.then((end) => this.#end({ kind: 'conversation', end }));
      conversation.start();
      leg.deliverTo(conversation);
    } catch (error) {
      this.#fault(error);
    }
  }

  #onTurn(turn: TranscriptTurn): void {
    this.#turns++;
    this.#talkMs += Math.max(0, turn.endMs - turn.startMs);
    this.#call.journal.turn(turn);
    this.#call.words.turn(turn);
  }

  /** The first one decides. */
  #end(first: FirstEnd): void {
    if (this.#ending.signal.aborted) return;
    this.#endedAtMs = this.#dependencies.clock.nowMs();
    this.#endedWallMs = this.#dependencies.clock.wallMs();
    this.#ending.abort();
    this.#decide(first);
  }

  #order(order: EndOrder): void {
    this.#end({ kind: 'ordered', order });
  }

  #fault(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    this.#dependencies.logger.error({ err: error }, 'a conversation failed');
    this.#order(failureOrder('internal', 'internal'));
  }

  async #endConversation(first: FirstEnd): Promise<void> {
    const conversation = this.#conversation;
    if (conversation === undefined) return;
    const { clock, logger } = this.#dependencies;
    try {
      if (first.kind !== 'conversation') conversation.callerGone(outcomeOf(first).reason);
    } catch (error) {
      logger.error({ err: error }, 'a conversation did not take its end');
    }
    const stopped = await within(clock, conversation.ended, CONVERSATION_STOP_MS);
    if (!stopped.inTime) logger.error({}, 'a conversation did not end with its call');
  }

  /** A transfer that was ordered and did not come to its turn: whoever ordered it hears why. */
  #transferLeft(first: FirstEnd): void {
    const target = this.#ordered;
    if (target === undefined) return;
    const reason: TransferFailure = outcomeOf(first).disconnectedBy === 'user' ? 'caller_hangup' : 'call_ended';
    this.#call.journal.event('call.transfer_failed', { target, reason });
  }
}

function reasonOf(code: ErrorCode): string {
  const ours: readonly ErrorCode[] = ['assistant_not_found', 'call_not_found', 'store_failed'];
  return ours.includes(code) ? code : 'provider_failed';
}

/** Scopes may be closed with anything; the record has words only. */
function wordOf(reason: unknown): string {
  return typeof reason === 'string' ? reason : 'server_shutdown';
}

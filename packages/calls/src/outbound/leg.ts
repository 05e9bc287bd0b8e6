import type { AriChannel, AriEvent, AriFailure, AriResult } from '@rapida/ari';
import { type Clock, type Logger, sleep, type Telemetry, type Timer } from '@rapida/core';
import { within } from '../bounded-wait.js';
import type { Journal } from '../journal.js';
import type { LegSession } from '../live-calls.js';
import type { CallOutcome } from '../outcome.js';
import type { AsteriskLink, ChannelOwner } from './asterisk-link.js';
import { isRefusal, type LegHandOver, placeOf, refusalOf, targetExists } from './leg-hand-over.js';
import { type LegAction, type LegEvent, type LegState, type LegTimer, MEDIA_MS_MAX, stepLeg } from './leg-step.js';
import type { LegNames } from './media-plan.js';
import type { TransferWatch } from './transfer-watch.js';

/** Waits between attempts to look at, or to take away, what is in Asterisk; what is left then is left to the next connection. */
export const RETRY_MS: readonly number[] = [250, 1_000, 4_000];

export interface Originated {
  readonly result: AriResult<AriChannel>;
  /** Asterisk was asked, and knows no such endpoint. */
  readonly trunkUnknown: boolean;
  /** Something may have happened that we were not told. */
  readonly unwatched?: true;
}

export interface LegParts {
  readonly names: LegNames;
  readonly link: AsteriskLink;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Asks Asterisk to dial. `mayAsk` is called right before: false where the call is not wanted any more. */
  originate(mayAsk: () => boolean): Promise<Originated>;
  makeMedia(): Promise<AriResult<unknown>>;
  /** The media connection of this Asterisk does not report keys. */
  keysComeByAri(): boolean;
  watchTransfer(target: string): TransferWatch;
  /** The session that another node has by the record: nobody may have told us. Never rejects. */
  sessionElsewhere(): Promise<LegSession | undefined>;
  /** The attempt came to nothing: records it, or has it dialled again. Never rejects. */
  end(outcome: CallOutcome): Promise<void>;
}

/**
 * The thin shell around {@link stepLeg}: hands what happens to it in order, and does what it says. Requests to Asterisk go
 * out one after the other, so that nothing is taken down before the request that makes it has been answered.
 */
export class Leg implements ChannelOwner {
  readonly channelIds: readonly string[];
  /** Resolves when nothing more will be done for it. Never rejects. */
  readonly ended: Promise<void>;
  readonly #parts: LegParts;
  readonly #timers = new Map<LegTimer, Timer>();
  #state: LegState;
  #requests: Promise<void> = Promise.resolve();
  #session: LegSession | undefined;
  /** Of a transfer that is being tried, or is done. */
  #watch: TransferWatch | undefined;
  #created = false;
  #lastKey = '';
  readonly #mediaEntered: Promise<void>;
  #onMediaEntered: () => void = () => {};
  #finish: () => void = () => {};

  constructor(state: LegState, parts: LegParts) {
    this.#state = state;
    this.#parts = parts;
    this.channelIds = [parts.names.phone, parts.names.media];
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#mediaEntered = new Promise((resolve) => {
      this.#onMediaEntered = resolve;
    });
  }

  /** Of the call: whoever else writes it down writes here, so that all stands in its order. A leg that is over closes it. */
  get journal(): Journal | undefined {
    return this.#isClosed() ? undefined : this.#parts.journal;
  }

  /** Called once, after its channels were made known to the link: events may come before the answer to the request. */
  start(): void {
    this.#happen({ type: 'start' });
  }

  /** A session holds the call. */
  get isConnected(): boolean {
    return this.#state.phase === 'connected';
  }

  /** A phone that leaves and comes into our application again, as another call: by `continue` to a `Stasis()`. */
  get watches(): boolean {
    return this.#state.leaving !== 'no';
  }

  onAri(event: AriEvent): void {
    this.#watch?.onAri(event);
    const happened = this.#translate(event);
    if (happened !== undefined) this.#happen(happened);
  }

  onGap(): void {
    this.#request(() => this.#inspect());
  }

  /** Its media is there: as often as told, and at another node when that has taken the call up. False where the leg has ended before. */
  connected(session: LegSession): boolean {
    if (this.#isClosed()) return false;
    this.#session = session;
    this.#happen({ type: 'session_connected' });
    return true;
  }

  sessionEnded(): boolean {
    if (this.#isClosed()) return false;
    this.#happen({ type: 'session_ended' });
    return true;
  }

  /**
   * In Stasis lets the phone go on at the target; in the dialplan only finds out whether it could. Does nothing more once
   * `signal` has aborted. Never rejects.
   */
  handOver(target: string, signal: AbortSignal): Promise<LegHandOver> {
    return new Promise((resolve) => {
      this.#request(async () => {
        const done = await this.#handOver(target, signal).catch((error: unknown): LegHandOver => {
          this.#parts.logger.error({ err: error }, 'a request to hand a caller over went wrong');
          return { ok: false, reason: 'asterisk_unreachable' };
        });
        if (!done.ok) this.#dropWatch();
        resolve(done);
      });
    });
  }

  /** False where it has ended. */
  cancel(reason: string): boolean {
    if (this.#isClosed()) return false;
    this.#happen({ type: 'cancel', reason });
    return true;
  }

  /** Asked anew: it changes while something is awaited. */
  #isClosed(): boolean {
    return this.#state.phase === 'closed';
  }

  #happen(event: LegEvent): void {
    const [state, actions] = stepLeg(this.#state, event);
    this.#state = state;
    // Whoever waits for the media channel waits for nothing any more.
    if (state.phase === 'closed') this.#onMediaEntered();
    for (const action of actions) this.#act(action);
  }

  #translate(event: AriEvent): LegEvent | undefined {
    const { names } = this.#parts;
    // Of what the phone dials itself nothing is to be known but by who watches its transfer.
    if (event.type === 'Dial' && event.peer.id !== names.phone) return undefined;
    if (event.type === 'Dial')
      return event.dialstatus === 'RINGING' || event.dialstatus === 'PROGRESS' ? RINGING : undefined;
    if (!('channel' in event)) return undefined;
    if (event.channel.id === names.media) return this.#ofMedia(event);
    switch (event.type) {
      case 'ChannelCreated':
        return this.#onCreated(event.channel.name);
      case 'ChannelStateChange':
        return OF_STATE.get(event.channel.state);
      case 'StasisStart':
        return { type: 'in_stasis' };
      case 'StasisEnd':
        // All that is told of a channel that came in; of one that we dialled it is told twice.
        return { type: 'stasis_end' };
      case 'ChannelDtmfReceived':
        if (!this.#parts.keysComeByAri()) return undefined;
        return this.#onKey(event.digit, event.timestamp);
      case 'ChannelDestroyed':
        return { type: 'phone_gone', cause: { cause: event.cause, techCause: event.techCause } };
      default:
        return undefined;
    }
  }

  /** Told once for each subscription that covers the channel. */
  #onKey(digit: string, timestamp: string): LegEvent | undefined {
    const key = `${timestamp} ${digit}`;
    if (timestamp !== '' && key === this.#lastKey) return undefined;
    this.#lastKey = key;
    return { type: 'dtmf', digit };
  }

  #ofMedia(event: AriEvent): LegEvent | undefined {
    if (event.type !== 'StasisStart' && event.type !== 'ChannelDestroyed') return undefined;
    this.#onMediaEntered();
    return event.type === 'ChannelDestroyed' ? { type: 'media_gone' } : undefined;
  }

  #onCreated(name: string): undefined {
    if (this.#created) return undefined;
    this.#created = true;
    this.#parts.journal.event('channel_created', { channelId: this.#parts.names.phone, name });
  }

  #act(action: LegAction): void {
    const { journal, names, link } = this.#parts;
    switch (action.type) {
      case 'originate':
        return this.#request(() => this.#originate());
      case 'answer':
        return this.#request(async () => void (await this.#orMediaFailed(await link.client.answer(names.phone))));
      case 'build_media':
        return this.#request(() => this.#buildMedia());
      case 'record':
        return void journal.transition(action.input, {}, { type: EVENT_OF[action.input], data: {} });
      case 'end':
        return this.#request(() => this.#parts.end(action.outcome));
      case 'set_timer':
        return this.#setTimer(action.timer, action.delayMs);
      case 'cancel_timer':
        return this.#timers.get(action.timer)?.cancel();
      case 'hang_up_phone':
        return this.#remove('channel', () => link.client.hangup(names.phone));
      case 'take_down_media':
        this.#remove('channel', () => link.client.hangup(names.media));
        return this.#remove('bridge', () => link.client.destroyBridge(names.bridge));
      case 'press':
        this.#session?.press(action.digit);
        return;
      case 'tell_gone':
        this.#session?.callerGone();
        return;
      case 'close_session':
        void this.#session?.close(action.reason);
        return;
      case 'close':
        return this.#request(async () => this.#finish());
    }
  }

  /** After all requests before it. */
  #request(work: () => Promise<void>): void {
    const { logger } = this.#parts;
    this.#requests = this.#requests.then(work).catch((error: unknown) => {
      logger.error({ err: error }, 'a request of a call to Asterisk went wrong');
    });
  }

  async #originate(): Promise<void> {
    // Given up before its turn came: then nothing is dialled.
    if (this.#isClosed()) return;
    const { result, trunkUnknown, unwatched } = await this.#parts
      .originate(() => this.#mayAsk())
      .catch((error: unknown): Originated => {
        this.#parts.logger.error({ err: error }, 'a call could not be dialled');
        return { result: BROKEN, trunkUnknown: false };
      });
    // The application is not told of the making of channels that it asked for.
    if (result.ok) this.#onCreated(result.value.name);
    if (result.ok) return unwatched && this.#inspect();
    this.#failed(result.failure, 'dial');
    this.#happen({ type: 'originate_failed', failure: result.failure, trunkUnknown });
  }

  #mayAsk(): boolean {
    this.#happen({ type: 'asked' });
    return !this.#isClosed();
  }

  async #buildMedia(): Promise<void> {
    if (this.#isClosed()) return;
    const { link, names, makeMedia } = this.#parts;
    const [bridge, media] = await Promise.all([link.client.createBridge(names.bridge), makeMedia()]);
    if (!(await this.#orMediaFailed(bridge)) || !(await this.#orMediaFailed(media))) return;
    // Before it is in our application it cannot be bridged, and that is told apart from the answer to the request.
    await within(this.#parts.clock, this.#mediaEntered, MEDIA_MS_MAX);
    if (this.#isClosed()) return;
    const joined = await link.client.addToBridge(names.bridge, [names.phone, names.media]);
    await this.#orMediaFailed(joined);
  }

  async #orMediaFailed(result: AriResult<unknown>): Promise<boolean> {
    if (result.ok) return true;
    const { link, names } = this.#parts;
    const phone = this.#isClosed() ? undefined : await link.client.channel(names.phone);
    // It fails as well where the telephone has hung up in this moment.
    if (phone?.ok && phone.value === undefined) {
      this.#happen({ type: 'phone_gone', cause: { cause: NORMAL_CLEARING } });
      return false;
    }
    this.#failed(result.failure, 'media');
    this.#happen({ type: 'media_failed', failure: result.failure });
    return false;
  }

  async #handOver(target: string, signal: AbortSignal): Promise<LegHandOver> {
    const { link, names, watchTransfer } = this.#parts;
    const { mode } = this.#state;
    const exists = await targetExists(link, names.phone, target);
    if (!exists.ok) this.#failed(exists.failure, 'target_exists');
    // The dialplan looks for itself, and needs no answer of ours.
    if (!exists.ok && mode === 'stasis') return { ok: false, reason: refusalOf(exists.failure) };
    if (exists.ok && exists.value === false) return { ok: false, reason: 'transfer_target_unknown' };
    const watch = watchTransfer(target);
    this.#watch = watch;
    if (signal.aborted) return GIVEN_UP;
    const seen = await link.client.subscribe(link.app, `channel:${names.phone}`);
    // It can be handed over all the same; nobody will know what became of it.
    if (!seen.ok) this.#failed(seen.failure, 'subscribe');
    if (signal.aborted || this.#isClosed() || this.#state.gone) return GIVEN_UP;
    if (mode === 'dialplan') return { ok: true, by: 'directive', watch };
    watch.listen();
    return (await this.#leaveStasis(target, signal)) ?? { ok: true, by: 'continue', watch };
  }

  /** Why it did not; undefined where it did. */
  async #leaveStasis(target: string, signal: AbortSignal): Promise<(LegHandOver & { ok: false }) | undefined> {
    const { link, names } = this.#parts;
    this.#happen({ type: 'leave' });
    const result = await link.client.continueAt(names.phone, placeOf(target));
    const taken = result.ok || (this.#state.left && !isRefusal(result.failure));
    if (!result.ok) this.#failed(result.failure, 'continue');
    if (taken && !signal.aborted) {
      this.#happen({ type: 'leave_taken' });
      return undefined;
    }
    this.#happen({ type: 'leave_refused' });
    return { ok: false, reason: result.ok ? 'asterisk_unreachable' : refusalOf(result.failure) };
  }

  #dropWatch(): void {
    this.#watch?.drop();
    this.#watch = undefined;
  }

  /** What is gone already counts as removed. */
  #remove(what: 'channel' | 'bridge', remove: () => Promise<AriResult<void>>): void {
    this.#request(async () => {
      for (const waitMs of [...RETRY_MS, undefined]) {
        const result = await remove();
        if (result.ok) return;
        this.#failed(result.failure, `remove_${what}`);
        if (waitMs !== undefined) await sleep(this.#parts.clock, waitMs);
      }
    });
  }

  async #inspect(): Promise<void> {
    if (this.#isClosed()) return;
    const { link, names } = this.#parts;
    let found = await link.client.channel(names.phone);
    for (const waitMs of RETRY_MS) {
      if (found.ok || this.#isClosed()) break;
      this.#failed(found.failure, 'inspect');
      await sleep(this.#parts.clock, waitMs);
      found = await link.client.channel(names.phone);
    }
    if (!found.ok) return;
    if (found.value === undefined) return this.#happen({ type: 'phone_lost' });
    const event = OF_STATE.get(found.value.state);
    if (event !== undefined) this.#happen(event);
  }

  #failed({ kind, message }: AriFailure, request: string): void {
    const { telemetry, logger } = this.#parts;
    telemetry.count('rapida_ari_failures_total', { kind });
    logger.warn({ kind, detail: message, request }, 'Asterisk did not do what it was asked');
  }

  #setTimer(timer: LegTimer, delayMs: number): void {
    this.#timers.get(timer)?.cancel();
    this.#timers.set(
      timer,
      this.#parts.clock.setTimer(delayMs, () => void this.#timeIsUp(timer)),
    );
  }

  async #timeIsUp(timer: LegTimer): Promise<void> {
    const session = timer === 'media' ? await this.#parts.sessionElsewhere() : undefined;
    if (session !== undefined) this.connected(session);
    this.#happen({ type: 'timer', timer });
  }
}

const EVENT_OF = { ring: 'call.ringing', answer: 'call.answered' } as const;
/** Q.850 */
const NORMAL_CLEARING = 16;
/** Whoever asked does not want to know any more. */
const GIVEN_UP: LegHandOver = { ok: false, reason: 'call_ended' };
const RINGING: LegEvent = { type: 'ringing' };
const BROKEN: AriResult<never> = {
  ok: false,
  failure: { kind: 'protocol', message: 'something went wrong here', sent: true },
};
const OF_STATE: ReadonlyMap<string, LegEvent> = new Map<string, LegEvent>([
  ['Ringing', RINGING],
  ['Up', { type: 'up' }],
]);

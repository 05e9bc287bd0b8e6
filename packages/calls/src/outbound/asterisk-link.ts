import {
  type AriClient,
  type AriEvent,
  type AriFailure,
  type AriResult,
  connectAriEvents,
  createAriClient,
} from '@rapida/ari';
import { type Clock, type EndpointTechnology, type Logger, sleep, type Telemetry } from '@rapida/core';
import { within } from '../bounded-wait.js';
import type { DialTarget } from './target.js';

/** How long a call waits for the events of its Asterisk before it is given up. */
export const LINK_UP_MS_MAX = 5_000;
/** Endpoints watched beyond those of running calls; the oldest are let go. */
export const WATCHED_MAX = 200;
/** Asterisk registers an application a moment after it has accepted its connection. */
const SUBSCRIBE_RETRY_MS: readonly number[] = [50, 200, 500];

/** Who wants to hear of some channels. Both methods are called on the loop and must not throw. */
export interface ChannelOwner {
  readonly channelIds: readonly string[];
  onAri(event: AriEvent): void;
  /** Events may have been missed: look for yourself. */
  onGap(): void;
}

/** By channel id. Outlives a connection that is made anew, e.g. with another password. */
export type ChannelOwners = Map<string, ChannelOwner>;

/** One Stasis application on one Asterisk: its requests, and its events handed to whom they concern. */
export interface AsteriskLink {
  readonly client: AriClient;
  readonly app: string;
  readonly up: boolean;
  /** Resolves when events flow, with what is in the way when they do not within {@link LINK_UP_MS_MAX}. */
  ready(): Promise<AriResult<void>>;
  /**
   * Has the events of this endpoint's channels delivered from now on: before the dialling, because a busy line is over
   * before one could ask for its channel. `value` false: Asterisk knows no such endpoint.
   */
  watch(technology: EndpointTechnology, resource: string): Promise<AriResult<boolean>>;
  /** From now on, and until the returned function is called, these channels are somebody's. */
  own(owner: ChannelOwner): () => void;
  isOwned(channelId: string): boolean;
  /** Nobody's channels are no reason to stay. */
  readonly idle: boolean;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface LinkDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly ari: DialTarget['ari'];
  readonly app: string;
  readonly owners: ChannelOwners;
  /** A channel that is nobody's came into the application. */
  readonly onArrival: (event: Extract<AriEvent, { type: 'StasisStart' }>) => void;
  /** After each (re)connection. */
  readonly onUp: () => void;
  readonly onChange: () => void;
}

export function createAsteriskLink(dependencies: LinkDependencies): AsteriskLink {
  return new Link(dependencies);
}

class Link implements AsteriskLink {
  readonly client: AriClient;
  readonly app: string;
  readonly #dependencies: LinkDependencies;
  readonly #events: ReturnType<typeof connectAriEvents>;
  readonly #owners: ChannelOwners;
  /** In the order they were asked for. */
  readonly #watched = new Set<string>();
  #waiting: (() => void)[] = [];

  constructor(dependencies: LinkDependencies) {
    const { clock, ari, app, logger } = dependencies;
    this.#dependencies = dependencies;
    this.#owners = dependencies.owners;
    this.app = app;
    const access = { url: ari.url, user: ari.user, password: () => ari.password.reveal() };
    this.client = createAriClient({ access, clock });
    this.#events = connectAriEvents({
      access,
      app,
      clock,
      listener: {
        onEvent: (event) => this.#onEvent(event),
        onUp: ({ gap }) => void this.#onUp(gap),
        onDown: (failure) => this.#onDown(failure),
      },
      onListenerError: (error) => logger.error({ err: error, app }, 'an ARI event could not be handled'),
    });
  }

  get up(): boolean {
    return this.#events.up;
  }

  get idle(): boolean {
    return this.#owners.size === 0;
  }

  async ready(): Promise<AriResult<void>> {
    if (!this.up) {
      const up = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await within(this.#dependencies.clock, up, LINK_UP_MS_MAX);
    }
    if (this.up) return { ok: true, value: undefined };
    return { ok: false, failure: this.#events.lastFailure ?? NO_EVENTS };
  }

  async watch(technology: EndpointTechnology, resource: string): Promise<AriResult<boolean>> {
    const source = `endpoint:${technology}/${resource}`;
    // Put last again: what is in use is not the oldest.
    if (this.#watched.delete(source)) {
      this.#watched.add(source);
      return { ok: true, value: true };
    }
    const subscribed = await this.#subscribe(source);
    if (!subscribed.ok) {
      return subscribed.failure.kind === 'unprocessable' ? { ok: true, value: false } : subscribed;
    }
    this.#watched.add(source);
    for (const oldest of this.#watched) {
      if (this.#watched.size <= WATCHED_MAX) break;
      this.#watched.delete(oldest);
      void this.client.unsubscribe(this.app, oldest);
    }
    return { ok: true, value: true };
  }

  own(owner: ChannelOwner): () => void {
    for (const id of owner.channelIds) this.#owners.set(id, owner);
    return () => {
      for (const id of owner.channelIds) if (this.#owners.get(id) === owner) this.#owners.delete(id);
    };
  }

  isOwned(channelId: string): boolean {
    return this.#owners.has(channelId);
  }

  close(): Promise<void> {
    this.#wake();
    return this.#events.close();
  }

  async #subscribe(source: string): Promise<AriResult<void>> {
    for (const waitMs of SUBSCRIBE_RETRY_MS) {
      const answer = await this.client.subscribe(this.app, source);
      if (answer.ok || answer.failure.kind !== 'not_found') return answer;
      await sleep(this.#dependencies.clock, waitMs);
    }
    return this.client.subscribe(this.app, source);
  }

  #onEvent(event: AriEvent): void {
    if (event.type === 'ApplicationReplaced') return this.#onReplaced();
    const id = channelOf(event);
    if (id === undefined) return;
    const owner = this.#owners.get(id);
    if (owner !== undefined) return owner.onAri(event);
    if (event.type === 'StasisStart') this.#dependencies.onArrival(event);
  }

  async #onUp(gap: boolean): Promise<void> {
    const { logger, telemetry, onChange, onUp } = this.#dependencies;
    logger.info({ app: this.app, gap }, 'connected to the events of an Asterisk');
    onChange();
    if (gap) telemetry.count('rapida_ari_events_lost_total', { why: 'gap' });
    // What was watched before is asked for again before anybody looks: nothing falls between.
    for (const source of [...this.#watched]) {
      const again = await this.#subscribe(source);
      if (!again.ok) this.#watched.delete(source);
    }
    this.#wake();
    if (gap) for (const owner of new Set(this.#owners.values())) owner.onGap();
    onUp();
  }

  #onDown(failure: AriFailure): void {
    const { logger, onChange } = this.#dependencies;
    logger.warn({ app: this.app, kind: failure.kind, detail: failure.message }, 'no events from an Asterisk');
    onChange();
    // A wrong password does not become right by waiting.
    if (failure.kind === 'unauthorized' || failure.kind === 'forbidden') this.#wake();
  }

  /** Asterisk goes on without telling us anything: two servers must not share the name of an application. */
  #onReplaced(): void {
    const { logger, telemetry } = this.#dependencies;
    telemetry.count('rapida_ari_events_lost_total', { why: 'replaced' });
    logger.error(
      { app: this.app },
      'another program has taken over our Stasis application on this Asterisk: give the deployments of one of them another app',
    );
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const NO_EVENTS: AriFailure = { kind: 'timeout', message: 'the events of ARI did not come up in time', sent: false };

/** The channel an event is about. */
function channelOf(event: AriEvent): string | undefined {
  if (event.type === 'Dial') return event.peer.id;
  return 'channel' in event ? event.channel.id : undefined;
}

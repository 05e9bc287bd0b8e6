import {
  type AriClient,
  type AriEvent,
  type AriEvents,
  type AriFailure,
  type AriResult,
  connectAriEvents,
  createAriClient,
} from '@rapida/ari';
import { type Clock, type EndpointTechnology, type EntityId, type Logger, sleep, type Telemetry } from '@rapida/core';
import { within } from '../bounded-wait.js';
import { type AriReach, toAriAccess } from '../credentials/access.js';
import type { AsteriskLink, ChannelOwner } from './asterisk-link.js';

/** How long a call waits for the events of its Asterisk before it is given up. */
export const LINK_UP_MS_MAX = 5_000;
/** Endpoints watched; of more the one that was not needed for longest is let go. */
export const WATCHED_MAX = 200;
/** Asterisk registers an application a moment after it has accepted its connection. */
const SUBSCRIBE_RETRY_MS: readonly number[] = [50, 200, 500];

export interface HubDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly app: string;
  /** A channel that is nobody's came into the application. */
  readonly onArrival: (event: Extract<AriEvent, { type: 'StasisStart' }>) => void;
  /** After each (re)connection, when everything that was watched is watched again. */
  readonly onUp: () => void;
  readonly onChange: () => void;
}

interface Member {
  readonly link: AsteriskLink;
  client: AriClient;
}

/**
 * The one connection to the events of an application on an Asterisk: a second one would take them away from the first. All
 * credentials for that Asterisk share it; each makes its requests with a user of its own. The connection may be made
 * anew, with another password or at another address, while calls run: their owners stay.
 */
export class AsteriskHub {
  readonly app: string;
  readonly #dependencies: HubDependencies;
  readonly #members = new Map<EntityId, Member>();
  readonly #owners = new Map<string, ChannelOwner>();
  /** The last one needed comes last. */
  readonly #watched = new Set<string>();
  #carrier: { readonly credentialId: EntityId; readonly ari: AriReach };
  #events: AriEvents;
  #live = false;
  #gaveUpAtMs = Number.NEGATIVE_INFINITY;
  #version: string | undefined;
  #isHandedOver = false;
  /** In their order. Each leaves when its time is over. */
  readonly #waiting = new Set<() => void>();

  /** Connects, and goes on trying until it is closed. */
  constructor(dependencies: HubDependencies, credentialId: EntityId, ari: AriReach) {
    this.#dependencies = dependencies;
    this.app = dependencies.app;
    this.#carrier = { credentialId, ari };
    this.#events = this.#connect('first');
  }

  /** Whose connection it is. */
  get carrier(): { readonly credentialId: EntityId; readonly ari: AriReach } {
    return this.#carrier;
  }

  get url(): string {
    return this.#carrier.ari.url;
  }

  get up(): boolean {
    return this.#events.up;
  }

  /** Nobody's channels are no reason to stay. */
  get idle(): boolean {
    return this.#owners.size === 0;
  }

  serves(credentialId: EntityId): boolean {
    return this.#members.has(credentialId);
  }

  servesOnly(credentialId: EntityId): boolean {
    return this.#members.size === 1 && this.serves(credentialId);
  }

  /** Another node of the installation is about to connect. */
  expectReplacement(): void {
    this.#isHandedOver = true;
  }

  leave(credentialId: EntityId): void {
    this.#members.delete(credentialId);
  }

  /** The link of the credential that carries the connection. */
  anyLink(): AsteriskLink {
    const { credentialId, ari } = this.#carrier;
    return (this.#members.get(credentialId) ?? this.#join(credentialId, ari)).link;
  }

  /** The credential's link, with what the credential says now. */
  linkFor(credentialId: EntityId, ari: AriReach): AsteriskLink {
    const member = this.#members.get(credentialId) ?? this.#join(credentialId, ari);
    member.client = this.#clientOf(ari);
    const { credentialId: carrier, ari: carried } = this.#carrier;
    // One that works is left alone, whoever's it is.
    const isBetter =
      carrier === credentialId ? !isSame(carried, ari) : !this.up && this.#events.lastFailure !== undefined;
    if (isBetter) this.#renew(credentialId, ari);
    return member.link;
  }

  close(): Promise<void> {
    this.#live = false;
    this.#wake();
    return this.#events.close();
  }

  #join(credentialId: EntityId, ari: AriReach): Member {
    const client = this.#clientOf(ari);
    const versionOf = (): string | undefined => this.#version;
    const stateOf = (): AsteriskLink['state'] => {
      if (this.#live) return 'up';
      return this.#waiting.size > 0 ? 'awaited' : 'down';
    };
    const member: Member = {
      client,
      link: {
        app: this.app,
        get client() {
          return member.client;
        },
        get version() {
          return versionOf();
        },
        get state() {
          return stateOf();
        },
        ready: () => this.#ready(),
        watch: (technology, resource) => this.#watch(member.client, technology, resource),
        own: (owner) => this.#own(owner),
        isOwned: (channelId) => this.#owners.has(channelId),
      },
    };
    this.#members.set(credentialId, member);
    return member;
  }

  #clientOf(ari: AriReach): AriClient {
    return createAriClient({ access: toAriAccess(ari), clock: this.#dependencies.clock });
  }

  #renew(credentialId: EntityId, ari: AriReach): void {
    this.#carrier = { credentialId, ari };
    this.#live = false;
    void this.#events.close();
    this.#events = this.#connect('again');
    this.#dependencies.onChange();
  }

  #connect(which: 'first' | 'again'): AriEvents {
    const { clock, logger } = this.#dependencies;
    let isFirstUp = which === 'first';
    const stream: AriEvents = connectAriEvents({
      access: toAriAccess(this.#carrier.ari),
      app: this.app,
      clock,
      listener: {
        onEvent: (event) => this.#onEvent(event),
        onUp: ({ gap }) => {
          const missed = gap || !isFirstUp;
          isFirstUp = false;
          void this.#onUp(stream, missed ? 'missed' : 'whole');
        },
        onDown: (failure) => this.#onDown(failure),
      },
      onListenerError: (error) => logger.error({ err: error, app: this.app }, 'an ARI event could not be handled'),
    });
    return stream;
  }

  async #ready(): Promise<AriResult<void>> {
    const { clock } = this.#dependencies;
    if (!this.#live && clock.nowMs() - this.#gaveUpAtMs > LINK_UP_MS_MAX) {
      await this.#comeUp();
      if (!this.#live) this.#gaveUpAtMs = clock.nowMs();
    }
    if (this.#live) return { ok: true, value: undefined };
    return { ok: false, failure: this.#events.lastFailure ?? NO_EVENTS };
  }

  async #comeUp(): Promise<void> {
    let wake = (): void => {};
    const up = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting.add(wake);
    await within(this.#dependencies.clock, up, LINK_UP_MS_MAX);
    this.#waiting.delete(wake);
  }

  async #watch(client: AriClient, technology: EndpointTechnology, resource: string): Promise<AriResult<boolean>> {
    const source = `endpoint:${technology}/${resource}`;
    // Put last again: what is in use is not the oldest.
    if (this.#watched.delete(source)) {
      this.#watched.add(source);
      return { ok: true, value: true };
    }
    const subscribed = await this.#subscribe(client, source);
    if (!subscribed.ok) {
      return subscribed.failure.kind === 'unprocessable' ? { ok: true, value: false } : subscribed;
    }
    this.#watched.add(source);
    for (const oldest of this.#watched) {
      if (this.#watched.size <= WATCHED_MAX) break;
      this.#watched.delete(oldest);
      void client.unsubscribe(this.app, oldest);
    }
    return { ok: true, value: true };
  }

  async #subscribe(client: AriClient, source: string): Promise<AriResult<void>> {
    for (const waitMs of SUBSCRIBE_RETRY_MS) {
      const answer = await client.subscribe(this.app, source);
      if (answer.ok || answer.failure.kind !== 'not_found') return answer;
      await sleep(this.#dependencies.clock, waitMs);
    }
    return client.subscribe(this.app, source);
  }

  #own(owner: ChannelOwner): () => void {
    for (const id of owner.channelIds) this.#owners.set(id, owner);
    return () => {
      for (const id of owner.channelIds) if (this.#owners.get(id) === owner) this.#owners.delete(id);
    };
  }

  #onEvent(event: AriEvent): void {
    if (event.type === 'ApplicationReplaced') return this.#onReplaced();
    const owner = channelsOf(event)
      .map((id) => this.#owners.get(id))
      .find((one) => one !== undefined);
    owner?.onAri(event);
    if (event.type === 'StasisStart' && (owner === undefined || owner.watches)) this.#dependencies.onArrival(event);
  }

  async #onUp(stream: AriEvents, events: 'whole' | 'missed'): Promise<void> {
    const { logger, telemetry, onChange, onUp } = this.#dependencies;
    logger.info({ app: this.app, events }, 'connected to the events of an Asterisk');
    onChange();
    if (events === 'missed') telemetry.count('rapida_ari_events_lost_total', { why: 'gap' });
    // What was watched before is asked for again before anybody dials or looks: nothing falls between.
    const client = this.#clientOf(this.#carrier.ari);
    const info = await client.info();
    if (info.ok) this.#version = info.value.version;
    for (const source of [...this.#watched]) {
      const again = await this.#subscribe(client, source);
      if (!again.ok) this.#watched.delete(source);
    }
    // It went down meanwhile, or was made anew: then this is done once more.
    if (stream !== this.#events || !stream.up) return;
    this.#live = true;
    this.#wake();
    if (events === 'missed') for (const owner of new Set(this.#owners.values())) owner.onGap();
    onUp();
  }

  #onDown(failure: AriFailure): void {
    const { logger, onChange } = this.#dependencies;
    this.#live = false;
    logger.warn({ app: this.app, kind: failure.kind, detail: failure.message }, 'no events from an Asterisk');
    onChange();
    // A wrong password does not become right by waiting.
    if (failure.kind === 'unauthorized' || failure.kind === 'forbidden') this.#wake();
  }

  /** Asterisk goes on without telling us anything: two servers must not share the name of an application. */
  #onReplaced(): void {
    const { logger, telemetry } = this.#dependencies;
    if (this.#isHandedOver) return logger.info({ app: this.app }, 'another node has our Stasis application now');
    telemetry.count('rapida_ari_events_lost_total', { why: 'replaced' });
    logger.error(
      { app: this.app },
      'another program has taken over our Stasis application on this Asterisk: give the deployments of one of them another app',
    );
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

const NO_EVENTS: AriFailure = { kind: 'timeout', message: 'the events of ARI did not come up in time', sent: false };

function isSame(a: AriReach, b: AriReach): boolean {
  return a.url === b.url && a.user === b.user && a.password.reveal() === b.password.reveal();
}

/** The channels an event is about, the first one most. */
function channelsOf(event: AriEvent): readonly string[] {
  if (event.type === 'Dial') return event.caller === undefined ? [event.peer.id] : [event.peer.id, event.caller.id];
  return 'channel' in event ? [event.channel.id] : [];
}

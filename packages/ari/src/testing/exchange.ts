import type { AriClock } from '../clock.js';
import type { Applications } from './applications.js';
import type { FakeDialplanRun, FakeMedia } from './fake-types.js';

export interface Party {
  name: string;
  number: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** `TECH/name`, when it belongs to a configured endpoint. */
  readonly endpoint: string | undefined;
  readonly media: FakeMedia | undefined;
  readonly caller: Party;
  readonly connected: Party;
  readonly variables: Map<string, string>;
  readonly createdAt: string;
  dialplan: { context: string; exten: string; priority: number };
  state: 'Down' | 'Ring' | 'Ringing' | 'Up';
  place: 'dialing' | 'stasis' | 'dialplan';
  app: string | undefined;
  /** What Stasis() was given: the application and its arguments. */
  stasisData: string;
  bridgeId: string | undefined;
}

export interface Bridge {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly channelIds: Set<string>;
}

export type NewChannel = Pick<Channel, 'id' | 'name' | 'state'> &
  Partial<Pick<Channel, 'endpoint' | 'media' | 'caller' | 'connected' | 'variables' | 'dialplan'>>;

// Asterisk's texts for the causes that occur here.
const CAUSE_TEXTS: ReadonlyMap<number, string> = new Map([
  [1, 'Unallocated (unassigned) number'],
  [16, 'Normal Clearing'],
  [17, 'User busy'],
  [19, 'User alerting, no answer'],
  [21, 'Call Rejected'],
]);

/** Channels and bridges, and the events of their lives in Asterisk's order. */
export class Exchange {
  readonly channels = new Map<string, Channel>();
  readonly bridges = new Map<string, Bridge>();
  readonly mediaListeners = new Set<(media: FakeMedia) => void>();
  readonly dialplanListeners = new Set<(run: FakeDialplanRun) => void>();
  readonly #clock: AriClock;
  readonly #applications: Applications;
  readonly #timers = new Map<string, { cancel(): void }>();
  #serial = 0;
  #eventMs = 0;

  constructor(clock: AriClock, applications: Applications) {
    this.#clock = clock;
    this.#applications = applications;
  }

  nowText(): string {
    return textOfTime(this.#clock.nowMs());
  }

  /** Later than any before: two events are never of the same moment, not even while the clock stands still. */
  eventTime(): string {
    this.#eventMs = Math.max(this.#eventMs + 1, this.#clock.nowMs());
    return textOfTime(this.#eventMs);
  }

  /** For ids and names that nobody chose. */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  add(seed: NewChannel): Channel {
    const channel: Channel = {
      endpoint: undefined,
      media: undefined,
      caller: { name: '', number: '' },
      connected: { name: '', number: '' },
      variables: new Map(),
      dialplan: { context: 'default', exten: 's', priority: 1 },
      ...seed,
      createdAt: this.nowText(),
      place: 'dialing',
      app: undefined,
      stasisData: '',
      bridgeId: undefined,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  announce(channel: Channel): void {
    this.publish('ChannelCreated', channel, {});
  }

  /** The application hears of the channel from now on. */
  follow(channel: Channel, app: string): void {
    this.#applications.subscribe(app, `channel:${channel.id}`);
  }

  setState(channel: Channel, state: Channel['state']): void {
    channel.state = state;
    this.publish('ChannelStateChange', channel, {});
  }

  dial(channel: Channel, dialstring: string, dialstatus: string): void {
    const fields = { dialstatus, forward: '', dialstring, peer: channelJson(channel) };
    this.#applications.publish('Dial', fields, sourcesOf(channel));
  }

  /** One timer per channel: it ends with the channel, and a new one takes the place of the old. */
  after(channel: Channel, delayMs: number, act: () => void): void {
    this.#timers.get(channel.id)?.cancel();
    this.#timers.set(channel.id, this.#clock.setTimer(delayMs, act));
  }

  stopTimer(channel: Channel): void {
    this.#timers.get(channel.id)?.cancel();
    this.#timers.delete(channel.id);
  }

  /** Stasis() fails, and with it the call, when nobody listens. */
  enterStasis(channel: Channel, app: string, args: readonly string[]): void {
    if (!this.#applications.isLive(app)) {
      this.hangup(channel, { cause: 16 });
      return;
    }
    channel.place = 'stasis';
    channel.app = app;
    channel.stasisData = [app, ...args].join(',');
    this.follow(channel, app);
    this.#applications.tell(app, 'StasisStart', { args, channel: channelJson(channel) });
  }

  runDialplan(channel: Channel, at: { context: string; exten: string; priority: number }): void {
    channel.dialplan = at;
    this.#leaveBridge(channel);
    this.#endStasis(channel);
    channel.place = 'dialplan';
    const { context, exten, priority } = at;
    const variables = Object.fromEntries(channel.variables);
    for (const listener of this.dialplanListeners) {
      listener({ channelId: channel.id, context, extension: exten, priority, variables });
    }
  }

  /** The end of a channel that was up, or that we end. */
  hangup(channel: Channel, why: { cause: number; techCause?: number }): void {
    this.#leaveBridge(channel);
    this.#endStasis(channel);
    this.publish('ChannelHangupRequest', channel, { cause: why.cause });
    this.destroy(channel, why);
  }

  destroy(channel: Channel, { cause, techCause }: { cause: number; techCause?: number }): void {
    this.stopTimer(channel);
    this.channels.delete(channel.id);
    const tech = techCause === undefined ? {} : { tech_cause: techCause };
    this.publish('ChannelDestroyed', channel, { cause, cause_txt: CAUSE_TEXTS.get(cause) ?? 'Unknown', ...tech });
    this.#applications.forget(`channel:${channel.id}`);
  }

  addBridge(id: string, name: string): Bridge {
    const bridge = { id, name, createdAt: this.nowText(), channelIds: new Set<string>() };
    this.bridges.set(id, bridge);
    this.#applications.publish('BridgeCreated', { bridge: bridgeJson(bridge) }, [`bridge:${id}`]);
    return bridge;
  }

  enterBridge(channel: Channel, bridge: Bridge): void {
    if (channel.bridgeId === bridge.id) return;
    this.#leaveBridge(channel);
    if (channel.app !== undefined) this.#applications.subscribe(channel.app, `bridge:${bridge.id}`);
    channel.bridgeId = bridge.id;
    bridge.channelIds.add(channel.id);
    this.publish('ChannelEnteredBridge', channel, { bridge: bridgeJson(bridge) });
  }

  /** Its channels stay where they are, in their application. */
  destroyBridge(bridge: Bridge): void {
    for (const id of bridge.channelIds) {
      const channel = this.channels.get(id);
      if (channel !== undefined) this.#leaveBridge(channel);
    }
    this.bridges.delete(bridge.id);
    this.#applications.publish('BridgeDestroyed', { bridge: bridgeJson(bridge) }, [`bridge:${bridge.id}`]);
    this.#applications.forget(`bridge:${bridge.id}`);
  }

  publish(type: string, channel: Channel, fields: Readonly<Record<string, unknown>>): void {
    this.#applications.publish(type, { ...fields, channel: channelJson(channel) }, sourcesOf(channel));
  }

  /** Everything is gone, and nobody is told. */
  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.channels.clear();
    this.bridges.clear();
  }

  #endStasis(channel: Channel): void {
    const { app } = channel;
    if (channel.place !== 'stasis' || app === undefined) return;
    channel.place = 'dialplan';
    channel.app = undefined;
    this.#applications.tell(app, 'StasisEnd', { channel: channelJson(channel) });
  }

  #leaveBridge(channel: Channel): void {
    const bridge = this.bridges.get(channel.bridgeId ?? '');
    if (bridge === undefined) return;
    bridge.channelIds.delete(channel.id);
    this.publish('ChannelLeftBridge', channel, { bridge: bridgeJson(bridge) });
    channel.bridgeId = undefined;
  }
}

function textOfTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function sourcesOf(channel: Channel): string[] {
  const { id, endpoint } = channel;
  if (endpoint === undefined) return [`channel:${id}`];
  return [`channel:${id}`, `endpoint:${endpoint}`, `endpoint:${endpoint.slice(0, endpoint.indexOf('/'))}`];
}

/** As Asterisk 22 writes a Channel. */
export function channelJson(channel: Channel): Record<string, unknown> {
  return {
    id: channel.id,
    name: channel.name,
    state: channel.state,
    protocol_id: '',
    caller: channel.caller,
    connected: channel.connected,
    accountcode: '',
    dialplan: {
      ...channel.dialplan,
      app_name: channel.place === 'stasis' ? 'Stasis' : '',
      app_data: channel.place === 'stasis' ? channel.stasisData : '',
    },
    creationtime: channel.createdAt,
    language: 'en',
  };
}

export function bridgeJson(bridge: Bridge): Record<string, unknown> {
  return {
    id: bridge.id,
    technology: 'simple_bridge',
    bridge_type: 'mixing',
    bridge_class: 'stasis',
    creator: 'Stasis',
    name: bridge.name,
    channels: [...bridge.channelIds],
    creationtime: bridge.createdAt,
    video_mode: 'talker',
  };
}

import type { AriClock } from '../clock.js';

/** What the callee does. Without `rings` no ringing is told, as with a trunk that sends no 180. */
export interface PhoneBehaviour {
  /** Default true. */
  readonly rings?: boolean;
  /** busy: 486. reject: 603. not_found: 404. nothing: until the time of the originate request is over. */
  readonly outcome: 'answer' | 'busy' | 'reject' | 'not_found' | 'nothing';
  /** From the dialling, by the clock. Default 0: at once. */
  readonly afterMs?: number;
}

export interface FakeAriOptions {
  readonly clock: AriClock;
  readonly user: string;
  readonly password: string;
  /** `TECH/name`. Default `['PJSIP/trunk']`. A technology without an endpoint does not exist. */
  readonly endpoints?: readonly string[];
  /** Sections of websocket_client.conf. Default `['rapida']`. */
  readonly webSocketSections?: readonly string[];
  /** By file name, as Asterisk shows it. Default FAKE_MODULES. */
  readonly modules?: Readonly<Record<string, 'Running' | 'Not Running'>>;
  /** Default `22.10.1`. */
  readonly version?: string;
}

/** One request as it came, without its credentials. */
export interface FakeRequest {
  readonly method: string;
  /** Below `/ari`, decoded, such as `/channels/abc/answer`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed; undefined when there was none or it was no JSON. */
  readonly body: unknown;
}

export interface FakeRequestMatcher {
  readonly method?: string;
  /** A string is the whole path below `/ari`; `/events` is the event stream. */
  readonly path?: string | RegExp;
  /** Default 1. */
  readonly times?: number;
}

/**
 * A status with a body; `hang`: no answer, no effect; `reset`: the connection is cut, no effect;
 * `answer_lost`: the request has its effect, then the connection is cut.
 */
export type FakeFailure = { readonly status: number; readonly body: unknown } | 'hang' | 'reset' | 'answer_lost';

/** A channel as it stands. */
export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  readonly state: 'Down' | 'Ring' | 'Ringing' | 'Up';
  /** Where it is: not answered yet, in an application, or in the dialplan. */
  readonly place: 'dialing' | 'stasis' | 'dialplan';
  readonly app?: string;
  readonly bridgeId?: string;
  /** Of an external media channel. */
  readonly media?: FakeMedia;
  readonly variables: Readonly<Record<string, string>>;
}

export interface FakeBridge {
  readonly id: string;
  readonly name: string;
  readonly channels: readonly string[];
}

/** An external media channel that Asterisk would connect now. */
export interface FakeMedia {
  readonly channelId: string;
  /** `host:port`, or the section of websocket_client.conf. */
  readonly host: string;
  readonly encapsulation: 'audiosocket' | 'none';
  readonly transport: 'tcp' | 'websocket';
  readonly format: string;
  /** audiosocket: the uuid. */
  readonly data?: string;
  readonly transportData?: string;
}

/** A channel that would run the dialplan now. */
export interface FakeDialplanRun {
  readonly channelId: string;
  readonly context: string;
  readonly extension: string;
  readonly priority: number;
  readonly variables: Readonly<Record<string, string>>;
}

export interface FakeIncoming {
  readonly number: string;
  readonly to: string;
  readonly app: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

export interface FakeAri {
  /** `http://127.0.0.1:port`, the same for its whole life. */
  readonly url: string;
  /** The last 1000. */
  readonly requests: readonly FakeRequest[];
  channels(): readonly FakeChannel[];
  bridges(): readonly FakeBridge[];
  /** What the number does when it is called next and from then on. An unknown number rings and answers at once. */
  phone(number: string, behaviour: PhoneBehaviour): void;
  /** False when there is no such channel; so for the next two. */
  hangupByCallee(channelId: string): boolean;
  dtmf(channelId: string, digit: string): boolean;
  /** The dialplan hands a channel that it has to an application. */
  handToStasis(channelId: string, app: string, args: readonly string[]): boolean;
  /** As the dialplan does, which is told as ChannelVarset. */
  setVariable(channelId: string, variable: string, value: string): boolean;
  /** The sound's own end: the server closed the AudioSocket or the WebSocket. */
  endMedia(channelId: string): boolean;
  /** A caller enters Stasis in state Ring. Returns the id. Without a live stream of the application the channel is gone at once. */
  incoming(call: FakeIncoming): string;
  /** Cuts the event streams. Subscriptions stay, as in Asterisk. */
  dropEvents(): void;
  /** The next requests that match fail. Earlier calls come first. */
  fail(matcher: FakeRequestMatcher, failure: FakeFailure): void;
  /** Returns what stops the listening; so for `onDialplan`. */
  onMedia(listener: (media: FakeMedia) => void): () => void;
  onDialplan(listener: (run: FakeDialplanRun) => void): () => void;
  /** Channels, bridges and subscriptions are gone without a word and connections refused until `start()`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** `stop()` and `start()`. */
  restart(): Promise<void>;
  /** As `stop()`, for good. Twice is fine. */
  close(): Promise<void>;
}

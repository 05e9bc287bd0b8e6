import type { AriAccess } from './access.js';
import type { AriBridge, AriChannel } from './channel.js';
import type { AriClock } from './clock.js';
import type { AriResult } from './result.js';

export type AriModuleStatus = 'running' | 'not_running' | 'missing';

/** Where a dialled channel goes once it is answered. */
export type AriDestination =
  | { readonly app: string; readonly appArgs?: string }
  | { readonly context: string; readonly extension: string; readonly priority: number };

export type AriOriginate = {
  /** See `buildEndpoint`. */
  readonly endpoint: string;
  /** Chosen by the caller, so that events can be matched before the answer arrives. */
  readonly channelId: string;
  readonly callerId?: string;
  /** How long it may ring; -1 for no limit. */
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
} & AriDestination;

export interface AriExternalMedia {
  readonly channelId: string;
  readonly app: string;
  /** `host:port` for audiosocket, the section of websocket_client.conf for websocket. */
  readonly externalHost?: string;
  readonly encapsulation: 'audiosocket' | 'none';
  readonly transport: 'tcp' | 'websocket';
  readonly format: string;
  /** audiosocket: the uuid. It also becomes the appArgs. */
  readonly data?: string;
  /** websocket: such as `f(json)v(contextId=abc)`. From Asterisk 20.18 / 22.8. */
  readonly transportData?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface AriInfo {
  readonly version: string;
  readonly entityName?: string;
}

/** Every method resolves to a result: nothing throws and nothing rejects. */
export interface AriClient {
  info(): Promise<AriResult<AriInfo>>;
  ping(): Promise<AriResult<void>>;
  /** `.so` is added when it is missing. */
  moduleStatus(name: string): Promise<AriResult<AriModuleStatus>>;
  endpointExists(technology: string, resource: string): Promise<AriResult<boolean>>;
  /** Answered before anything rings; what becomes of the call is told by events. */
  originate(request: AriOriginate): Promise<AriResult<AriChannel>>;
  externalMedia(request: AriExternalMedia): Promise<AriResult<AriChannel>>;
  /** Undefined when there is no such channel. */
  channel(id: string): Promise<AriResult<AriChannel | undefined>>;
  channels(): Promise<AriResult<readonly AriChannel[]>>;
  answer(id: string): Promise<AriResult<void>>;
  /** `reasonCode` is a Q.850 cause. A channel that is gone already is fine. */
  hangup(id: string, reasonCode?: number): Promise<AriResult<void>>;
  /** Out of Stasis, on in the dialplan. */
  continueAt(id: string, to: ContinueAt): Promise<AriResult<void>>;
  /** Undefined when the variable is not set, or there is no such channel. */
  channelVariable(id: string, name: string): Promise<AriResult<string | undefined>>;
  createBridge(bridgeId: string, name?: string): Promise<AriResult<AriBridge>>;
  addToBridge(bridgeId: string, channelIds: readonly string[]): Promise<AriResult<void>>;
  /** A bridge that is gone already is fine. */
  destroyBridge(bridgeId: string): Promise<AriResult<void>>;
  bridges(): Promise<AriResult<readonly AriBridge[]>>;
  /** `channel:ID`, `bridge:ID` or `endpoint:TECH/name`. The application needs a live event stream. */
  subscribe(app: string, eventSource: string): Promise<AriResult<void>>;
  unsubscribe(app: string, eventSource: string): Promise<AriResult<void>>;
}

export interface ContinueAt {
  readonly context: string;
  readonly extension: string;
  readonly priority: number;
}

export interface AriClientOptions {
  readonly access: AriAccess;
  readonly clock: AriClock;
  /** Bound on one request from connecting to the last byte of the answer. Default 5000. */
  readonly requestMsMax?: number;
}

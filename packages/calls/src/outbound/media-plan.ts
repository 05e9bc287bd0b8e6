import type { AriClient } from '@rapida/ari';
import type { AssistantRecord, ContextId, EntityId, PhoneDeployment } from '@rapida/core';
import type { AsteriskLink } from './asterisk-link.js';

/** Names of ours in Asterisk: who meets one there knows the call by it, also after a restart. */
export interface LegNames {
  /** Of a channel we dial; one that came in has its own. */
  readonly phone: string;
  readonly media: string;
  readonly bridge: string;
}

/** `attempt` is 0 for a call that came in. */
export function legNames(callId: EntityId, attempt: number): LegNames {
  const phone = `rapida-${callId}-${attempt}`;
  return { phone, media: `${phone}-media`, bridge: `${phone}-bridge` };
}

const NAME = /^rapida-(\d{1,20})-(\d{1,9})(?:-(media|bridge))?$/;

/** Undefined for a name that is not of ours. */
export function callOfName(name: string): { readonly callId: EntityId; readonly part: string } | undefined {
  const [, callId, , part = 'phone'] = NAME.exec(name) ?? [];
  return callId === undefined ? undefined : { callId, part };
}

/** Where Asterisk reaches our media: host:port of AudioSocket. The WebSocket address is in its websocket_client.conf. */
export type AudioSocketAddress = () => string;

type ExternalMedia = Parameters<AriClient['externalMedia']>[0];

/** The media channel of a call in our application, to be made by Asterisk towards us. */
export function mediaChannel(
  { media }: PhoneDeployment,
  whose: { readonly contextId: ContextId; readonly channelId: string; readonly app: string },
  audiosocket: AudioSocketAddress,
): ExternalMedia {
  const { contextId, channelId, app } = whose;
  if (media.transport === 'audiosocket') {
    return {
      ...{ channelId, app, externalHost: audiosocket(), data: contextId, format: media.format },
      encapsulation: 'audiosocket',
      transport: 'tcp',
    };
  }
  return {
    ...{ channelId, app, externalHost: media.websocketClient, format: media.format },
    encapsulation: 'none',
    transport: 'websocket',
    // Given with every call: a section remembers the parameters of the call before.
    transportData: `v(contextId=${contextId})`,
    variables: { RAPIDA_CONTEXT_ID: contextId },
  };
}

/** AudioSocket tells of keys from 20.14, 21.9, 22.4 and 23.0 on; the WebSocket always has. Above, what ARI says is not heard. */
export function keysComeByAri(link: Pick<AsteriskLink, 'version'>, { deployment }: AssistantRecord): boolean {
  if (deployment.media.transport === 'websocket') return false;
  const [, major, minor] = /(\d+)\.(\d+)/.exec(link.version ?? '') ?? [];
  if (major === undefined) return false;
  const since = KEYS_SINCE_MINOR.get(Number(major));
  return since === undefined ? Number(major) < 20 : Number(minor) < since;
}

const KEYS_SINCE_MINOR: ReadonlyMap<number, number> = new Map([
  [20, 14],
  [21, 9],
  [22, 4],
]);

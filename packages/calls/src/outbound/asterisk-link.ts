import type { AriClient, AriEvent, AriResult } from '@rapida/ari';
import type { EndpointTechnology } from '@rapida/core';

/** Who wants to hear of some channels. Both methods are called on the loop and must not throw. */
export interface ChannelOwner {
  readonly channelIds: readonly string[];
  /** Only hears of them: one that comes into our application is nobody's. Asked at each time. */
  readonly watches?: boolean;
  onAri(event: AriEvent): void;
  /** Events may have been missed: look for yourself. */
  onGap(): void;
}

/** One Stasis application on one Asterisk as one credential sees it: its requests, and the events of its channels. */
export interface AsteriskLink {
  /** Of the credential as it was saved last. */
  readonly client: AriClient;
  readonly app: string;
  /** Of Asterisk, e.g. `22.10.1`; undefined until it was asked, and where it does not tell. */
  readonly version: string | undefined;
  /** `awaited`: somebody waits for it to come up. One is enough: the others would only come all at once then. */
  readonly state: 'up' | 'awaited' | 'down';
  /** Resolves when events flow, with what is in the way when they do not within `LINK_UP_MS_MAX`; then at once for a while. */
  ready(): Promise<AriResult<void>>;
  /**
   * Has the events of this endpoint's channels delivered from now on: before the dialling, because a busy line is over
   * before one could ask for its channel. `value` false: Asterisk knows no such endpoint.
   */
  watch(technology: EndpointTechnology, resource: string): Promise<AriResult<boolean>>;
  /** From now on, and until the returned function is called, these channels are somebody's. */
  own(owner: ChannelOwner): () => void;
  isOwned(channelId: string): boolean;
}

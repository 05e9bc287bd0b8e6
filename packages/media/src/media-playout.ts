import type { Clock, MediaTransport, Playout, PlayoutListener, PlayoutTap, Telemetry } from '@rapida/core';
import type { Ticker } from './ticker.js';

/** A playout that also wants to hear what the peer reports. The owner of the transport passes it on; both are safe to ignore. */
export interface MediaPlayout extends Playout {
  /** For `MediaListener.onMark`. Ids that are not this playout's are ignored. */
  onMark(id: string): void;
  /** For `MediaListener.onFlow`. */
  onFlow(flow: 'stop' | 'go'): void;
}

export interface PlayoutOptions {
  readonly transport: MediaTransport;
  readonly ticker: Ticker;
  readonly clock: Clock;
  /** Called from ticks, from `cut` and `close`, and from a `begin` that is refused. May call back into the playout. */
  readonly listener: PlayoutListener;
  /** Hears one frame per frame time, silence included. May keep the samples. */
  readonly tap?: PlayoutTap;
  readonly telemetry: Telemetry;
  /** Sound that may wait for its turn, in ms; beyond it `write` is false. Costs 32 bytes per ms. */
  readonly queuedMsMax?: number;
}

export const QUEUED_MS_MAX = 120_000;

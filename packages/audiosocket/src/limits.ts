import { PAYLOAD_BYTES_LIMIT } from './encoder.js';

/** What one connection may cost. */
export interface ConnectionLimits {
  /** Time from accept to the complete UUID frame. Asterisk sends it within 25 ms of connecting, even under load. */
  readonly firstFrameMs: number;
  /** Largest payload accepted after the UUID. The memory for one grows with the bytes that really arrive. */
  readonly payloadBytesMax: number;
  /** Bytes waiting in this process for a peer that reads slowly (4 s of 8 kHz audio); above it frames are dropped. */
  readonly queuedBytesMax: number;
  /** A peer for which every frame had to be dropped for this long is cut off. */
  readonly stalledMsMax: number;
  /** How long `hangup()` waits for Asterisk to close its side. */
  readonly hangupMs: number;
}

/** What all connections of a server together may cost. */
export interface ServerLimits extends ConnectionLimits {
  readonly connectionsMax: number;
  /** One Asterisk carries all its calls from one address; a quarter of the total leaves room for others. */
  readonly connectionsPerAddressMax: number;
  /** Connections that have not named a call yet. At 25 ms each, 256 still admit ten thousand new calls a second. */
  readonly unidentifiedPerAddressMax: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  firstFrameMs: 5000,
  payloadBytesMax: PAYLOAD_BYTES_LIMIT,
  queuedBytesMax: 65_536,
  stalledMsMax: 10_000,
  hangupMs: 500,
  connectionsMax: 4096,
  connectionsPerAddressMax: 1024,
  unidentifiedPerAddressMax: 256,
};

/** What clients can make this server hold or wait for. All of it is on by default. */
export interface GrpcLimits {
  /** Connections at once; more are closed as they come in. */
  readonly connectionsMax: number;
  /** Announced to the client, who keeps further calls back. */
  readonly streamsPerConnectionMax: number;
  /** Announced to the client; until it has acknowledged that, the 64 KiB of Node apply. */
  readonly headerBytesMax: number;
  readonly headersMax: number;
  /** A larger message, also one that becomes larger by decompression, is refused with `body_too_large`. */
  readonly messageBytesMax: number;
  /** The same for health and reflection, which need no key. */
  readonly publicMessageBytesMax: number;
  /** How long finding out whose key it is may take. */
  readonly keyMsMax: number;
  /** From the beginning of a call until its request is complete. */
  readonly requestMsMax: number;
  /** From the beginning of a call until its answer is read; then it is cut. Health watches are exempt. */
  readonly callMsMax: number;
  /** A connection without calls is closed after this. */
  readonly idleMsMax: number;
  readonly handshakeMsMax: number;
  /** Health watches at once. */
  readonly watchersMax: number;
  /** Questions of one reflection stream. */
  readonly reflectionRequestsMax: number;
  /** How long closing waits for calls in progress before their connections are cut. */
  readonly closeMsMax: number;
}

export const GRPC_LIMITS: GrpcLimits = Object.freeze({
  connectionsMax: 1_000,
  streamsPerConnectionMax: 100,
  headerBytesMax: 16_384,
  headersMax: 100,
  messageBytesMax: 4_194_304,
  publicMessageBytesMax: 4_096,
  keyMsMax: 4_000,
  requestMsMax: 30_000,
  callMsMax: 60_000,
  idleMsMax: 300_000,
  handshakeMsMax: 10_000,
  watchersMax: 100,
  reflectionRequestsMax: 1_000,
  closeMsMax: 5_000,
});

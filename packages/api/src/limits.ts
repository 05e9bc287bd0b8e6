import type { UpgradeLimits } from '@rapida/chan-websocket';

/** What one client can make this server hold or wait for. All of it is on by default. */
export interface ApiLimits {
  /** A larger request body is refused with `body_too_large`. */
  readonly bodyBytesMax: number;
  /** The same for a request that places many calls at once. */
  readonly bulkBodyBytesMax: number;
  /** The same for an event that is told of a call, and for what of it is kept. */
  readonly eventBytesMax: number;
  /** Path and query; a longer one is refused with `invalid_request`. */
  readonly targetCharsMax: number;
  /** Request line and headers together; more is answered with 431. */
  readonly headerBytesMax: number;
  readonly headersMsMax: number;
  /** From the first byte of a request to the last. */
  readonly requestMsMax: number;
  /** A connection on which nothing moves is closed after this; media connections have their own limits. */
  readonly idleMsMax: number;
  readonly keepAliveMsMax: number;
  /** How long an authentication or a question of a dialplan may take: `CURL()` waits without limit, and the caller with it. */
  readonly answerMsMax: number;
  /** The same while stores are known to fail: authentication and question together stay within a second then. */
  readonly failingAnswerMsMax: number;
  /** The same for a media upgrade, which has to be answered within a second. */
  readonly upgradeMsMax: number;
  /** How long closing waits for requests in progress before their connections are cut. */
  readonly closeMsMax: number;
  /** A stream of live events gives a sign of life this often; a client that has not taken the last one by then is cut off. */
  readonly streamBeatMs: number;
  readonly upgrade: Partial<UpgradeLimits>;
}

export const API_LIMITS: ApiLimits = Object.freeze({
  bodyBytesMax: 1_048_576,
  bulkBodyBytesMax: 4_194_304,
  eventBytesMax: 16_384,
  targetCharsMax: 8_192,
  headerBytesMax: 16_384,
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  idleMsMax: 60_000,
  keepAliveMsMax: 30_000,
  answerMsMax: 4_000,
  failingAnswerMsMax: 450,
  upgradeMsMax: 800,
  closeMsMax: 5_000,
  streamBeatMs: 15_000,
  upgrade: Object.freeze({}),
});

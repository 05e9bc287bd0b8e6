import { Assistants } from './assistants.js';
import { Calls } from './calls.js';
import { type Clock, systemClock } from './clock.js';
import { Credentials } from './credentials.js';
import { Dialplan } from './dialplan.js';
import { Http } from './http.js';
import { Keys } from './keys.js';
import { Nodes } from './nodes.js';
import { Overview } from './overview.js';
import { Password } from './password.js';
import { type OpenWebSocket, platformWebSocket } from './web-socket.js';
import { Webhooks } from './webhooks.js';

export interface RapidaOptions {
  /** Where the server is, e.g. `https://pbx-ai.example.com`; a path before `/v1` may be part of it. */
  readonly url: string;
  /**
   * As `rapida keys create` prints it. Scope `calls` is enough for `calls` and for reading assistants, all else needs `admin`.
   * Without a key the server answers `key_missing`. Keep it out of web pages: who can read a page can read its key.
   */
  readonly apiKey?: string | undefined;
  /** For one try, from its first byte to the last of the answer; of recordings and streams, to the head of the answer. Default 30 s. */
  readonly timeoutMs?: number;
  /**
   * Further tries of a request that can be repeated safely, after a failure that says "later": default 2, at most 10, 0 for none.
   * Those are what reads, replaces or removes, and placing calls, which has a key of its own for it; nothing else is repeated.
   * Before each there is a pause of 0.25 to 15 s, or what `Retry-After` says where that is more, up to 60 s.
   */
  readonly retries?: number;
  /** Instead of the platform's, e.g. with a proxy. Must honour `signal` and `redirect: 'manual'`. */
  readonly fetch?: typeof fetch;
  /** Instead of the platform's, for listening and test calls. Node has one from version 22 on; with `ws`: `(url, headers) => new WebSocket(url, { headers })`. */
  readonly webSocket?: OpenWebSocket;
  /** Instead of the platform's; for tests. */
  readonly clock?: Clock;
}

const TIMEOUT_MS_DEFAULT = 30_000;
/** What a timer can wait. */
const TIMEOUT_MS_MAX = 2_147_483_647;
const RETRIES_DEFAULT = 2;
const RETRIES_MAX = 10;

/**
 * A server of Rapida for Asterisk, as the holder of a key sees it. Opens nothing until it is asked for something, and holds
 * nothing open between: there is nothing to close.
 *
 * Requests reject with a {@link RapidaApiError}, or with the reason of their signal. Options that make no sense are a TypeError.
 */
export class Rapida {
  /** Without a slash at its end. */
  readonly url: string;
  readonly calls: Calls;
  readonly assistants: Assistants;
  readonly credentials: Credentials;
  readonly webhooks: Webhooks;
  readonly keys: Keys;
  readonly nodes: Nodes;
  readonly overview: Overview;
  readonly dialplan: Dialplan;
  readonly password: Password;

  constructor(options: RapidaOptions) {
    const { timeoutMs = TIMEOUT_MS_DEFAULT, retries = RETRIES_DEFAULT, clock = systemClock } = options;
    this.url = addressOf(options.url);
    const http = new Http({
      url: this.url,
      apiKey: keyOf(options.apiKey),
      timeoutMs: wholeNumber('timeoutMs', timeoutMs, 1, TIMEOUT_MS_MAX),
      retries: wholeNumber('retries', retries, 0, RETRIES_MAX),
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
      webSocket: options.webSocket ?? platformWebSocket,
      clock,
    });
    this.calls = new Calls(http);
    this.assistants = new Assistants(http);
    this.credentials = new Credentials(http);
    this.webhooks = new Webhooks(http);
    this.keys = new Keys(http);
    this.nodes = new Nodes(http);
    this.overview = new Overview(http);
    this.dialplan = new Dialplan(http);
    this.password = new Password(http);
  }
}

/** Nothing is quoted here: people put the key, and a password, into the wrong place. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError('url: must be an address that begins with http:// or https://');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('url: must have no user, no query and no fragment');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function keyOf(apiKey: string | undefined): string | undefined {
  if (apiKey === undefined || /^[\x21-\x7e]{1,1000}$/.test(apiKey)) return apiKey;
  throw new TypeError('apiKey: must be 1 to 1000 printable ASCII characters without spaces');
}

function wholeNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${name}: must be a whole number from ${min} to ${max}`);
}

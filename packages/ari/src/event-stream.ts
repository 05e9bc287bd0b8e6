import { WebSocket } from 'ws';
import { type AriAccess, ariBase, credentialsOf } from './access.js';
import type { AriClock } from './clock.js';
import type { AriEventsCounters, AriEventsListener } from './event-stream-types.js';
import { readAriEvent } from './events.js';
import { failureOfError, failureOfStatus, invalidRequest, timeoutFailure } from './failure.js';
import type { AriFailure } from './result.js';

export interface AriEventsOptions {
  readonly access: AriAccess;
  /** One live connection per application: Asterisk gives the events to the newest. */
  readonly app: string;
  readonly clock: AriClock;
  readonly listener: AriEventsListener;
  readonly onListenerError?: (error: unknown) => void;
  /** Waits between attempts; the last is repeated for ever, and used at once when the password is refused. Default EVENTS_BACKOFF_MS. */
  readonly backoffMs?: readonly number[];
  /** Between pings; one that is not answered until the next ends the connection. Default 10,000. */
  readonly pingMs?: number;
  /** 0 up to 1: each wait is between half of its time and all of it. Default Math.random. */
  readonly random?: () => number;
}

export interface AriEvents {
  readonly up: boolean;
  /** Why it last went down or failed to come up; undefined when it never did. */
  readonly lastFailure: AriFailure | undefined;
  readonly counters: AriEventsCounters;
  /** No more callbacks and no more attempts. Resolves when the socket is closed. Twice is fine. */
  close(): Promise<void>;
}

export const EVENTS_BACKOFF_MS: readonly number[] = [250, 500, 1000, 2000, 5000, 10_000];
const PING_MS = 10_000;
const HANDSHAKE_MS_MAX = 5000;
const MESSAGE_BYTES_MAX = 1_048_576;

/**
 * Follows the events of an application over `GET /ari/events`, and connects again for ever until `close()`. Events of the time without a
 * connection are lost: Asterisk keeps none. Throws a TypeError for a url that cannot be one of ARI, and nothing after that.
 */
export function connectAriEvents(options: AriEventsOptions): AriEvents {
  const stream = new EventStream(options);
  stream.connect();
  return stream;
}

class EventStream implements AriEvents {
  readonly counters = { delivered: 0, malformed: 0, unknown: 0, listenerErrors: 0 };
  readonly #options: AriEventsOptions;
  readonly #url: string;
  readonly #pingMs: number;
  #state: 'waiting' | 'connecting' | 'up' | 'closed' = 'waiting';
  #lastFailure: AriFailure | undefined;
  #wasUp = false;
  #upSinceMs = 0;
  #failedAttempts = 0;
  #socket: WebSocket | undefined;
  #timer: { cancel(): void } | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: AriEventsOptions) {
    this.#options = options;
    this.#pingMs = options.pingMs ?? PING_MS;
    const base = ariBase(options.access).replace(/^http/, 'ws');
    this.#url = `${base}/events?app=${encodeURIComponent(options.app)}&subscribeAll=false`;
  }

  get up(): boolean {
    return this.#state === 'up';
  }

  get lastFailure(): AriFailure | undefined {
    return this.#lastFailure;
  }

  connect(): void {
    this.#state = 'connecting';
    let credentials: ReturnType<typeof credentialsOf> | undefined;
    try {
      credentials = credentialsOf(this.#options.access);
    } catch {
      this.#retryAfter(invalidRequest('the password cannot be read'));
      return;
    }
    const socket = new WebSocket(this.#url, {
      headers: { authorization: credentials.authorization },
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: MESSAGE_BYTES_MAX,
    });
    this.#socket = socket;
    const redact = (text: string) => (credentials ?? credentialsOf(this.#options.access)).redact(text);
    // Only the first word about a socket counts; what its destruction causes later is not news.
    const fail = (failure: AriFailure) => {
      if (this.#socket === socket) this.#down(socket, failure);
    };
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      fail(failureOfStatus(response.statusCode ?? 0, '', redact));
    });
    socket.on('error', (error) => fail(failureOfError(error, redact)));
    socket.on('close', (code) =>
      fail({ kind: 'unreachable', message: `the event stream was closed with ${code}`, sent: true }),
    );
    socket.on('open', () => {
      // What the listeners hold lives as long as the connection: the password is not to.
      credentials = undefined;
      this.#opened(socket);
    });
    socket.on('message', (data, isBinary) => this.#message(socket, isBinary ? '' : String(data)));
    this.#timer = this.#options.clock.setTimer(HANDSHAKE_MS_MAX, () =>
      fail(timeoutFailure(`no event stream within ${HANDSHAKE_MS_MAX} ms`)),
    );
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #close(): Promise<void> {
    this.#state = 'closed';
    this.#timer?.cancel();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      // Says goodbye, and waits for no answer.
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      socket.terminate();
    });
  }

  #opened(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#timer?.cancel();
    this.#state = 'up';
    this.#upSinceMs = this.#options.clock.nowMs();
    const gap = this.#wasUp;
    this.#wasUp = true;
    this.#watch(socket);
    this.#tell(() => this.#options.listener.onUp({ gap }));
  }

  /** A peer that is gone without a word is noticed by nothing else. */
  #watch(socket: WebSocket): void {
    let heard = true;
    // A ping that has not left yet cannot have been answered: then it is this process that was late.
    let pingLeft = false;
    const alive = () => {
      heard = true;
    };
    socket.on('pong', alive);
    socket.on('message', alive);
    const tick = () => {
      if (this.#socket !== socket) return;
      if (!heard && pingLeft) {
        this.#down(socket, timeoutFailure(`no answer to a ping within ${this.#pingMs} ms`));
        return;
      }
      heard = false;
      pingLeft = false;
      socket.ping(undefined, undefined, () => {
        pingLeft = true;
      });
      this.#timer = this.#options.clock.setTimer(this.#pingMs, tick);
    };
    this.#timer = this.#options.clock.setTimer(this.#pingMs, tick);
  }

  #message(socket: WebSocket, text: string): void {
    if (this.#socket !== socket) return;
    const event = readAriEvent(text);
    if (typeof event === 'string') {
      this.counters[event] += 1;
      return;
    }
    this.counters.delivered += 1;
    this.#tell(() => this.#options.listener.onEvent(event));
  }

  #down(socket: WebSocket, failure: AriFailure): void {
    this.#timer?.cancel();
    this.#socket = undefined;
    socket.terminate();
    // A connection that Asterisk takes and drops at once is no success: the waits go on growing.
    if (this.#state === 'up' && this.#options.clock.nowMs() - this.#upSinceMs >= this.#pingMs) this.#failedAttempts = 0;
    this.#retryAfter(failure);
  }

  #retryAfter(failure: AriFailure): void {
    this.#state = 'waiting';
    this.#lastFailure = failure;
    const steps = this.#options.backoffMs ?? EVENTS_BACKOFF_MS;
    const slowest = steps.at(-1) ?? PING_MS;
    const refused = failure.kind === 'unauthorized' || failure.kind === 'forbidden';
    const stepMs = refused ? slowest : (steps[this.#failedAttempts] ?? slowest);
    this.#failedAttempts += 1;
    const random = this.#options.random ?? Math.random;
    this.#timer = this.#options.clock.setTimer(stepMs * (0.5 + random() / 2), () => this.connect());
    this.#tell(() => this.#options.listener.onDown(failure));
  }

  /** Last in every path, as the listener may close the stream. */
  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.counters.listenerErrors += 1;
      try {
        this.#options.onListenerError?.(error);
      } catch {
        // There is nobody left to tell.
      }
    }
  }
}

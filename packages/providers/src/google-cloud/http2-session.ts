import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { type Clock, RapidaError, type Timer } from '@rapida/core';

export interface Http2SessionOptions {
  readonly clock: Clock;
  readonly baseUrl: string;
  /** From connecting to a session, the handshake of TLS included. */
  readonly openMs: number;
}

/**
 * The HTTP/2 connection under a transport of connect-node, in place of its `Http2SessionManager`: that one takes its listeners off a session
 * that a GOAWAY is still ending, whose error then is an uncaught exception (2.1.2), and its timers are not of our clock. Google says GOAWAY
 * to idle connections as a matter of course.
 */
export class Http2Session {
  readonly authority: string;
  readonly #options: Http2SessionOptions;
  /** The one for new requests, and older ones that finish theirs. */
  readonly #sessions = new Set<ClientHttp2Session>();
  #current: { readonly session: ClientHttp2Session; readonly ready: Promise<void> } | undefined;
  /** While it is being made. */
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: Http2SessionOptions) {
    this.#options = options;
    this.authority = new URL(options.baseUrl).origin;
  }

  /** Resolves when there is a connection: at once where one is open. */
  async connect(): Promise<ClientHttp2Session> {
    if (this.#isClosed) throw new RapidaError('provider_unavailable', 'The connection is closed');
    if (this.#current === undefined || this.#current.session.closed || this.#current.session.destroyed) this.#open();
    const current = this.#current;
    if (current === undefined) throw new RapidaError('internal');
    await current.ready;
    return current.session;
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: Omit<ClientSessionRequestOptions, 'signal'>,
  ): Promise<ClientHttp2Stream> {
    const session = await this.connect();
    return session.request({ ...headers, ':method': method, ':path': path }, options);
  }

  /** Nothing is made of it: whether an answer comes in time is watched by who asked. */
  notifyResponseByteRead(): void {}

  /** Ends what runs on it too. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const session of this.#sessions) session.destroy(undefined, constants.NGHTTP2_CANCEL);
  }

  #open(): void {
    const session = connect(this.authority);
    this.#sessions.add(session);
    const ready = new Promise<void>((resolve, reject) => {
      const timer = this.#options.clock.setTimer(this.#options.openMs, () => {
        reject(new RapidaError('provider_timeout', 'Google did not answer the connection'));
        session.destroy();
      });
      this.#timer = timer;
      session.once('connect', () => {
        timer.cancel();
        resolve();
      });
      session.on('error', (error) => reject(unreachable(error)));
      session.once('close', () => {
        timer.cancel();
        this.#sessions.delete(session);
        reject(unreachable());
      });
    });
    // Whoever waits for it is told; nobody may be.
    ready.catch(() => {});
    // A process that ends does not wait for an idle connection.
    session.unref();
    this.#current = { session, ready };
  }
}

function unreachable(cause?: unknown): RapidaError {
  return new RapidaError('provider_unavailable', 'Google could not be reached', { cause });
}

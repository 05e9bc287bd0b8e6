import { errorTold, RapidaApiError } from './api-error.js';
import { type Clock, pause } from './clock.js';
import { chunksOf, wholeBody } from './read-body.js';
import { pauseMs, retryAfterMs } from './retry.js';
import type { OpenWebSocket, WebSocketLike } from './web-socket.js';

/** A larger answer is refused before it is all in memory. The server's largest, 200 deliveries, stay well below. */
export const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Of a failure, this much is looked at. */
const ERROR_BYTES_MAX = 64 * 1024;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type QueryValues = Readonly<Record<string, string | number | undefined>>;

export interface Ask {
  readonly query?: QueryValues;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a repeat of it does: nothing more than the first (the rule for GET, PUT and DELETE), or possibly all of it again. */
  readonly repeat?: 'safe' | 'never';
  readonly signal?: AbortSignal | undefined;
}

export interface HttpOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly fetch: typeof fetch;
  readonly webSocket: OpenWebSocket;
  readonly clock: Clock;
}

/** An answer whose body is still to come. Whoever has it closes it. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  /** Gives the connection up where it is still there. Closing twice is safe. */
  close(): void;
}

type Read<T> = (answer: Response, attempt: Attempt) => Promise<T>;

/** Requests with a time limit, repeated where that is safe; every failure is a {@link RapidaApiError} but an abort. */
export class Http {
  /** Without a slash at its end. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.url = options.url;
    this.timeoutMs = options.timeoutMs;
    this.clock = options.clock;
    this.#options = options;
  }

  async json<T>(method: Method, path: string, ask: Ask = {}): Promise<T> {
    const text = await this.text(method, path, ask);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw this.failure(200, 'answer_invalid', `the answer of ${this.url} is not JSON`);
    }
  }

  /** Of a request with nothing to answer but that it was done. */
  async done(method: Method, path: string, ask: Ask = {}): Promise<void> {
    await this.text(method, path, ask);
  }

  text(method: Method, path: string, ask: Ask = {}): Promise<string> {
    return this.#request(method, path, ask, async (answer, attempt) => {
      const bytes = await wholeBody(chunksOf(answer.body), ANSWER_BYTES_MAX);
      attempt.end();
      if (bytes !== undefined) return new TextDecoder().decode(bytes);
      throw this.failure(answer.status, 'answer_invalid', `the answer is larger than ${ANSWER_BYTES_MAX} bytes`);
    });
  }

  /** Repeated until the head of the answer is there; what happens to its body is up to who reads it. */
  open(method: Method, path: string, ask: Ask = {}): Promise<OpenAnswer> {
    return this.#request(method, path, ask, async ({ status, headers, body }, attempt) => {
      attempt.stopWaiting();
      return { status, headers, body, close: () => attempt.end() };
    });
  }

  /** To a path of the server, with the key. Nothing is repeated. */
  socket(path: string): WebSocketLike {
    const { apiKey, webSocket } = this.#options;
    return webSocket(`${this.url.replace(/^http/, 'ws')}${path}`, apiKey === undefined ? {} : { 'x-api-key': apiKey });
  }

  /** One of ours, and without the key whatever the text quotes. */
  failure(status: number, code: string, text: string, waitMs?: number): RapidaApiError {
    const { apiKey } = this.#options;
    const clean = (told: string) => (apiKey === undefined ? told : told.replaceAll(apiKey, '[secret]'));
    return new RapidaApiError({ status, code: clean(code), text: clean(text), retryAfterMs: waitMs });
  }

  /** The answer broke off. */
  brokenOff(cause: unknown): RapidaApiError {
    return this.failure(0, 'unreachable', `no answer from ${this.url}${reasonOf(cause)}`);
  }

  /** Nothing came for so long. */
  silent(): RapidaApiError {
    return this.failure(0, 'timeout', `no answer from ${this.url} within ${this.timeoutMs / 1_000} s`);
  }

  async #request<T>(method: Method, path: string, ask: Ask, read: Read<T>): Promise<T> {
    const { repeat = method === 'POST' ? 'never' : 'safe', signal } = ask;
    for (let failures = 1; ; failures++) {
      try {
        return await this.#once(method, path, ask, read);
      } catch (error) {
        if (!(error instanceof RapidaApiError) || !error.retryable || repeat === 'never') throw error;
        if (failures > this.#options.retries) throw error;
        const waitMs = pauseMs(failures, error.retryAfterMs);
        if (waitMs === undefined) throw error;
        await pause(this.clock, waitMs, signal);
      }
    }
  }

  async #once<T>(method: Method, path: string, ask: Ask, read: Read<T>): Promise<T> {
    ask.signal?.throwIfAborted();
    const attempt = new Attempt(this.clock, this.timeoutMs, ask.signal);
    try {
      const answer = await this.#options.fetch(this.#address(path, ask.query), this.#init(method, ask, attempt.signal));
      if (answer.ok) return await read(answer, attempt);
      throw await this.#failureOf(answer);
    } catch (error) {
      attempt.end();
      ask.signal?.throwIfAborted();
      if (error instanceof RapidaApiError) throw error;
      throw attempt.isLate ? this.silent() : this.brokenOff(error);
    }
  }

  #address(path: string, query: QueryValues = {}): string {
    const values = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
    );
    return `${this.url}${path}${values.length === 0 ? '' : `?${values.join('&')}`}`;
  }

  #init(method: Method, { body, headers: more }: Ask, signal: AbortSignal): RequestInit {
    const { apiKey } = this.#options;
    const headers = {
      ...more,
      ...(apiKey !== undefined && { 'x-api-key': apiKey }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    // A redirect would take the key along, to wherever it leads.
    const init: RequestInit = { method, headers, signal, redirect: 'manual' };
    return body === undefined ? init : { ...init, body: JSON.stringify(body) };
  }

  async #failureOf(answer: Response): Promise<RapidaApiError> {
    const { status } = answer;
    // A browser shows no status of a redirect.
    if (answer.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      return this.failure(status, 'redirected', `${this.url} redirects, which is not followed: name the final address`);
    }
    const bytes = await wholeBody(chunksOf(answer.body), ERROR_BYTES_MAX);
    const told = bytes === undefined ? undefined : errorTold(new TextDecoder().decode(bytes));
    const waitMs = retryAfterMs(answer.headers.get('retry-after'), this.clock.wallMs());
    const { code, text } = told ?? { code: 'http_error', text: `the server answered ${status}` };
    return this.failure(status, code, text, waitMs);
  }
}

/** One try: ends when the caller's signal says so, when its time is up, or when it is over. */
class Attempt {
  readonly signal: AbortSignal;
  isLate = false;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #timer: { cancel(): void };
  readonly #follow = (): void => this.#controller.abort(this.#outer?.reason);

  constructor(clock: Clock, timeoutMs: number, outer: AbortSignal | undefined) {
    this.signal = this.#controller.signal;
    this.#outer = outer;
    outer?.addEventListener('abort', this.#follow, { once: true });
    this.#timer = clock.setTimer(timeoutMs, () => {
      this.isLate = true;
      this.#controller.abort();
    });
  }

  stopWaiting(): void {
    this.#timer.cancel();
  }

  end(): void {
    this.#timer.cancel();
    this.#outer?.removeEventListener('abort', this.#follow);
    this.#controller.abort();
  }
}

/** Only the code of the platform: its texts may quote what was sent. */
function reasonOf(error: unknown): string {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    const { code } = one as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code)) return `: ${code}`;
  }
  return '';
}

import {
  type Clock,
  type ErrorCode,
  type Logger,
  linkedAbort,
  RapidaError,
  type Secret,
  type Timer,
} from '@rapida/core';
import { networkError, protocolError, statusError } from './vendor-errors.js';

export interface VendorHttpOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Up to and with the version, as in `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Never quoted in an error. */
  readonly apiKey: Secret | undefined;
  /** Puts the key into the head of a request; without it `Authorization: Bearer`, or nothing where there is no key. */
  readonly authorise?: (headers: Headers, request: RequestToSign) => void | Promise<void>;
  /** What this vendor means by an answer that is not 2xx, where its status does not say it. */
  readonly codeOf?: (status: number, answer: string) => ErrorCode | undefined;
  readonly fetch: typeof fetch;
  readonly timeouts: VendorTimeouts;
}

/** For vendors whose keys sign. Forms have no text. */
export interface RequestToSign {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly text: string | undefined;
}

/** What a vendor may take where nothing else is said. */
export const VENDOR_TIMEOUTS: VendorTimeouts = { answerMs: 8_000, stallMs: 8_000 };

export interface VendorTimeouts {
  /** From sending the request to the head of the answer: connecting included. */
  readonly answerMs: number;
  /** Between two pieces of the answer's body, while somebody waits for one. */
  readonly stallMs: number;
}

const ERROR_BODY_BYTES_MAX = 8_192;

/** One server of a vendor. Requests fail with `RapidaError`s, or with the signal's reason once it is aborted. */
export interface VendorHttp {
  readonly baseUrl: string;
  readonly apiKey: Secret | undefined;
  /**
   * Posts to `baseUrl + path`, one attempt, no redirects. Resolves with the head of a 2xx answer; its body has to be read
   * to the end or cancelled, is at most `bodyBytesMax` long (`provider_protocol`), and fails with `RapidaError`s too.
   */
  post(path: string, body: PostBody, signal: AbortSignal, bodyBytesMax: number): Promise<Response>;
  /** The same for GET. */
  get(path: string, signal: AbortSignal, bodyBytesMax: number): Promise<Response>;
}

export type PostBody =
  | { readonly type: 'json'; readonly json: string; readonly accept?: string }
  | { readonly type: 'form'; readonly form: FormData }
  | { readonly type: 'text'; readonly text: string; readonly mediaType: string };

export function createVendorHttp(options: VendorHttpOptions): VendorHttp {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  return {
    baseUrl,
    apiKey: options.apiKey,
    post: (path, body, signal, bodyBytesMax) =>
      new Exchange({ ...options, baseUrl }, path, signal).run(body, bodyBytesMax),
    get: (path, signal, bodyBytesMax) =>
      new Exchange({ ...options, baseUrl }, path, signal).run(undefined, bodyBytesMax),
  };
}

/** One request and its answer: whatever ends it cancels the timer and leaves the caller's signal. */
class Exchange {
  readonly #options: VendorHttpOptions;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #own: { readonly controller: AbortController; readonly unlink: () => void };
  #timer: Timer | undefined;

  constructor(options: VendorHttpOptions, path: string, signal: AbortSignal) {
    this.#options = options;
    this.#path = path;
    this.#signal = signal;
    this.#own = linkedAbort(signal);
  }

  async run(body: PostBody | undefined, bodyBytesMax: number): Promise<Response> {
    try {
      this.#signal.throwIfAborted();
      const response = await this.#within(this.#options.timeouts.answerMs, this.#send(body));
      if (response.ok) return new Response(this.#guarded(response, bodyBytesMax), response);
      const { apiKey, codeOf } = this.#options;
      const answer = await this.#errorBody(response);
      throw statusError(this.#path, response.status, answer, apiKey, codeOf?.(response.status, answer));
    } catch (error) {
      throw this.#over(error);
    }
  }

  async #send(body: PostBody | undefined): Promise<Response> {
    const { apiKey, authorise } = this.#options;
    const url = `${this.#options.baseUrl}${this.#path}`;
    const method = body === undefined ? 'GET' : 'POST';
    const content = body === undefined ? undefined : contentOf(body);
    const headers = new Headers();
    if (authorise !== undefined) {
      await authorise(headers, { method, url, text: typeof content === 'string' ? content : undefined });
    } else if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey.reveal()}`);
    if (body?.type === 'json') headers.set('content-type', 'application/json');
    if (body?.type === 'text') headers.set('content-type', body.mediaType);
    if (body?.type === 'json' && body.accept !== undefined) headers.set('accept', body.accept);
    return this.#options.fetch(url, {
      method,
      headers,
      ...(content !== undefined && { body: content }),
      // A key follows no redirect.
      redirect: 'manual',
      signal: this.#own.controller.signal,
    });
  }

  async #errorBody(response: Response): Promise<string> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const reader = response.body?.getReader();
    if (reader === undefined) return '';
    try {
      while (bytes < ERROR_BODY_BYTES_MAX) {
        const { done, value } = await this.#within(this.#options.timeouts.stallMs, reader.read());
        if (done) break;
        bytes += value.length;
        parts.push(value);
      }
    } catch {
      // The status says enough.
    }
    reader.cancel().catch(() => {});
    return Buffer.concat(parts).subarray(0, ERROR_BODY_BYTES_MAX).toString('utf8');
  }

  /** The body, counted and timed. It is read only as fast as it is asked for. */
  #guarded(response: Response, bodyBytesMax: number): ReadableStream<Uint8Array> | null {
    if (response.body === null) {
      this.#finish();
      return null;
    }
    const reader = response.body.getReader();
    let bytes = 0;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            const { done, value } = await this.#within(this.#options.timeouts.stallMs, reader.read());
            if (done) {
              this.#finish();
              return controller.close();
            }
            bytes += value.length;
            if (bytes > bodyBytesMax) throw protocolError(`The answer to ${this.#path} exceeds ${bodyBytesMax} bytes`);
            controller.enqueue(value);
          } catch (error) {
            controller.error(this.#over(error));
          }
        },
        cancel: () => {
          this.#finish();
          reader.cancel().catch(() => {});
          this.#own.controller.abort(new DOMException('not read to the end', 'AbortError'));
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Raced with the abort: undici's body has been seen to stay silent when it is read after its request was aborted. */
  async #within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    const { controller } = this.#own;
    const { signal } = controller;
    let giveUp = () => {};
    const aborted = new Promise<never>((_, reject) => {
      giveUp = () => reject(signal.reason);
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
    this.#timer = this.#options.clock.setTimer(limitMs, () => controller.abort(new RapidaError('provider_timeout')));
    try {
      return await Promise.race([work, aborted]);
    } finally {
      this.#timer.cancel();
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Ends the exchange; what to throw for `error`. */
  #over(error: unknown): unknown {
    const aborted: unknown = this.#own.controller.signal.reason;
    this.#finish();
    this.#own.controller.abort(new DOMException('over', 'AbortError'));
    if (this.#signal.aborted) return this.#signal.reason;
    if (aborted instanceof RapidaError) return this.#reported(aborted);
    if (error instanceof RapidaError) return this.#reported(error);
    return this.#reported(networkError(this.#path, error));
  }

  #reported(error: RapidaError): RapidaError {
    this.#options.logger.warn({ path: this.#path, code: error.code }, 'a request to the provider failed');
    return error;
  }

  #finish(): void {
    this.#timer?.cancel();
    this.#own.unlink();
  }
}

function contentOf(body: PostBody): string | FormData {
  if (body.type === 'json') return body.json;
  return body.type === 'form' ? body.form : body.text;
}

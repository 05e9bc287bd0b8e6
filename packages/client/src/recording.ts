import { RapidaApiError } from './api-error.js';
import type { Http, OpenAnswer } from './http.js';
import { chunksOf, wholeBody } from './read-body.js';

/**
 * A recording on its way: WAV, stereo, caller left. Iterate it, take `bytes()`, or `cancel()` it - one of them, once. While it
 * is read, a silence of `timeoutMs` ends it with `timeout`, a lost connection with `unreachable`.
 */
export class Recording implements AsyncIterable<Uint8Array> {
  /** Undefined where a proxy took the length away. */
  readonly sizeBytes: number | undefined;
  readonly #http: Http;
  readonly #answer: OpenAnswer;
  readonly #signal: AbortSignal | undefined;

  constructor(http: Http, answer: OpenAnswer, signal: AbortSignal | undefined) {
    this.#http = http;
    this.#answer = answer;
    this.#signal = signal;
    const length = answer.headers.get('content-length');
    this.sizeBytes = length === null ? undefined : Number(length);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const http = this.#http;
    try {
      yield* chunksOf(this.#answer.body, {
        ...{ clock: http.clock, silenceMsMax: http.timeoutMs, onSilence: () => http.silent() },
      });
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error instanceof RapidaApiError ? error : http.brokenOff(error);
    } finally {
      this.cancel();
    }
  }

  /** All of it in memory: an hour is about 230 MB. Above `bytesMax` (default 1 GiB) it fails with `answer_invalid`. */
  async bytes(bytesMax = 1_073_741_824): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await wholeBody(this, bytesMax);
    if (bytes !== undefined) return bytes;
    throw this.#http.failure(200, 'answer_invalid', `the recording is larger than ${bytesMax} bytes`);
  }

  /** Gives the connection up. Calling it twice, or at the end, is safe. */
  cancel(): void {
    this.#answer.close();
  }
}

import { type Client, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { type Clock, RapidaError, type Timer } from '@rapida/core';
import { Speech } from '../../proto/gen/google/cloud/speech/v2/cloud_speech_pb.js';
import { Http2Session } from './http2-session.js';
import { SPEECH_SERVICE } from './server.js';
import type { ServiceAccount } from './service-account.js';

/** A connection that Google closed in a silence is open again before the caller speaks; nothing is sent where it is still open. */
export const KEEP_WARM_MS = 30_000;
/** A transcript is some kilobytes. */
const MESSAGE_BYTES_MAX = 1_048_576;

export interface SpeechConnectionOptions {
  readonly clock: Clock;
  readonly account: ServiceAccount;
  readonly baseUrl: string;
  /** From connecting to an HTTP/2 session. */
  readonly openMs: number;
}

/** One HTTP/2 connection to Speech-to-Text for one caller: open before there is anything to say, and kept so. */
export class SpeechConnection {
  readonly client: Client<typeof Speech>;
  readonly #options: SpeechConnectionOptions;
  readonly #session: Http2Session;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: SpeechConnectionOptions) {
    this.#options = options;
    this.#session = new Http2Session(options);
    const { baseUrl, account } = options;
    const transport = createGrpcTransport({
      ...{ baseUrl, sessionManager: this.#session, interceptors: [authorised(account)] },
      readMaxBytes: MESSAGE_BYTES_MAX,
    });
    this.client = createClient(Speech, transport);
  }

  /** Tells once how it went; nothing after `close`. */
  open(onReady: () => void, onFailed: (error: RapidaError) => void): void {
    this.#session.connect().then(
      () => {
        if (this.#isClosed) return;
        this.#keepWarm();
        onReady();
      },
      (error: unknown) => {
        if (this.#isClosed) return;
        this.close();
        onFailed(RapidaError.from(error));
      },
    );
  }

  /** Ends what runs on it too. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#session.close();
  }

  /** Where it cannot be opened again, the next request says so. */
  #keepWarm(): void {
    this.#timer = this.#options.clock.setTimer(KEEP_WARM_MS, () => {
      this.#session.connect().catch(() => {});
      this.#keepWarm();
    });
  }
}

function authorised(account: ServiceAccount): Interceptor {
  return (next) => (request) => {
    request.header.set('authorization', `Bearer ${account.token(SPEECH_SERVICE).reveal()}`);
    return next(request);
  };
}

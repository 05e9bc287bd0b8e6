import type { LiveStream } from '@rapida/calls';
import type { Clock, EntityId, LiveEvent, Logger, Telemetry, Timer } from '@rapida/core';

/** Names the place of a message in its call. Opaque to clients. */
export type EventIds = (event: LiveEvent) => string;

/**
 * `call.number.more`: the last stored event that was given, and how much was only told since. No two of a stream of one
 * call are the same.
 */
export function eventIds(afterSeq: number): EventIds {
  let seq = afterSeq;
  let told = 0;
  return (event) => {
    told = event.seq === null ? told + 1 : 0;
    seq = event.seq ?? seq;
    return `${event.callId}.${seq}.${told}`;
  };
}

export function readEventId(id: string): { readonly callId: EntityId; readonly seq: number } | undefined {
  const [, callId, seq] = /^([0-9]{1,20})\.([0-9]{1,9})\.[0-9]{1,9}$/.exec(id) ?? [];
  return callId === undefined ? undefined : { callId, seq: Number(seq) };
}

export interface EventMessagesOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly beatMs: number;
  readonly format: (event: LiveEvent) => string;
  readonly closed: (reason: string) => string;
  /** Asked with each sign of life. Never rejects. */
  readonly mayGoOn: () => Promise<boolean>;
  /** Ends the connection at once. */
  readonly cut: () => void;
}

/**
 * The messages of one connection: what the stream gives, a comment line every `beatMs`, and the reason why it ends. A
 * connection that has not taken the last comment when the next one is due is cut: nothing of it can be delivered any more.
 */
export class EventMessages {
  readonly #stream: LiveStream;
  readonly #options: EventMessagesOptions;
  #arrived: LiveEvent | string | undefined;
  #beatIsDue = false;
  #timer: Timer | undefined;
  #wake = (): void => {};

  constructor(stream: LiveStream, options: EventMessagesOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#beatLater();
  }

  /** Read once. */
  async *read(): AsyncGenerator<string> {
    const { format, closed, mayGoOn } = this.#options;
    try {
      // At once: what is in between is to know that it is answered.
      yield ': live events\n\n';
      this.#ask();
      for (;;) {
        const arrived = this.#arrived;
        if (typeof arrived === 'string') return yield closed(arrived);
        if (this.#beatIsDue) {
          yield ': keep-alive\n\n';
          this.#beatIsDue = false;
          if (!(await mayGoOn())) this.end('key_invalid');
        } else if (arrived === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        } else {
          this.#arrived = undefined;
          this.#ask();
          yield format(arrived);
        }
      }
    } finally {
      this.stop();
    }
  }

  /** Nothing more comes but the reason: what was not given yet is after the last id. */
  end(reason: string): void {
    this.#arrived = reason;
    this.#wake();
  }

  /** The connection is gone. Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#stream.close();
  }

  #ask(): void {
    void this.#stream.next().then((next) => {
      // The reason stands, whatever comes then.
      if (typeof this.#arrived !== 'string') this.#arrived = next;
      this.#wake();
    });
  }

  #beatLater(): void {
    const { clock, beatMs, logger, telemetry, cut } = this.#options;
    this.#timer = clock.setTimer(beatMs, () => {
      if (this.#beatIsDue) {
        telemetry.count('rapida_live_cut_total', { why: 'stalled' });
        logger.info({}, 'a stream of live events was cut: its client does not read');
        this.stop();
        return cut();
      }
      this.#beatIsDue = true;
      this.#wake();
      this.#beatLater();
    });
  }
}

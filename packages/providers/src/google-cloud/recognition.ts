import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Client } from '@connectrpc/connect';
import { type Clock, RapidaError, type Timer } from '@rapida/core';
import type {
  Speech,
  StreamingRecognizeRequestSchema,
  StreamingRecognizeResponse,
} from '../../proto/gen/google/cloud/speech/v2/cloud_speech_pb.js';
import { SEGMENT_CHARACTERS_MAX } from '../wire/segment-stream.js';
import { rpcError } from './errors.js';

/** A stream of Google's lives five minutes at most; a longer segment goes on in the next one. */
export const STREAM_MS_MAX = 280_000;
/** Google takes 15 KB in a message (the page of quotas says 25 KB now). */
const MESSAGE_BYTES_MAX = 15_000;

export type Request = MessageInitShape<typeof StreamingRecognizeRequestSchema>;

export interface RecognitionOptions {
  readonly client: Client<typeof Speech>;
  readonly clock: Clock;
  /** The first message. */
  readonly opening: Request;
  readonly headers: Readonly<Record<string, string>>;
  /** From the end of the sound to the end of the answer. */
  readonly answerMs: number;
  /** Sound that was not sent yet; above it nothing is taken. */
  readonly unsentBytesMax: number;
  /** There is something new to read, or it is over. */
  readonly onChanged: () => void;
  readonly onFailed: (error: RapidaError) => void;
}

/** One `StreamingRecognize`: begins with the first sound, which is sent as it comes, and is over when Google has said all. */
export class Recognition {
  readonly #options: RecognitionOptions;
  readonly #abort = new AbortController();
  /** Finals that nobody took yet; in all no more than a segment keeps. */
  #parts: string[] = [];
  #characters = 0;
  #partial = '';
  /** Sound to send, in order. */
  #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #soundMs = 0;
  #isEnded = false;
  #isOver = false;
  #wake: (() => void) | undefined;
  #timer: Timer | undefined;
  /** Whether the segment is over with it. */
  endsSegment = false;

  constructor(options: RecognitionOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Takes no more sound: it was ended, Google ended it, or it is as long as it may be. */
  get isFull(): boolean {
    return this.#isEnded || this.#isOver || this.#soundMs >= STREAM_MS_MAX;
  }

  /** Everything was said, after it was ended. */
  get isSettled(): boolean {
    return this.#isEnded && this.#isOver;
  }

  /** Empty where nothing has come since. */
  takePartial(): string {
    const partial = this.#partial;
    this.#partial = '';
    return partial;
  }

  takeParts(): readonly string[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  /** The bytes are copied. */
  push(bytes: Uint8Array, soundMs: number): boolean {
    if (this.#unsentBytes + bytes.length > this.#options.unsentBytesMax) return false;
    this.#unsent.push(Uint8Array.from(bytes));
    this.#unsentBytes += bytes.length;
    this.#soundMs += soundMs;
    this.#rouse();
    return true;
  }

  /** Half-closes the stream behind the last sound: Google answers with what is left and ends it. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (!this.#isOver) {
      this.#timer = this.#options.clock.setTimer(this.#options.answerMs, () =>
        this.#fail(new RapidaError('provider_timeout', 'Google did not say what was heard in time')),
      );
    }
    this.#rouse();
  }

  /** At Google too. Nothing is told after it. */
  abort(): void {
    this.#over();
    this.#abort.abort();
    this.#rouse();
  }

  async #run(): Promise<void> {
    const { client, headers } = this.#options;
    const { signal } = this.#abort;
    try {
      for await (const response of client.streamingRecognize(this.#requests(), { headers, signal })) {
        if (signal.aborted) return;
        this.#heard(response);
      }
      this.#over();
      if (!signal.aborted) this.#options.onChanged();
    } catch (error) {
      if (!signal.aborted) this.#fail(rpcError(error));
    }
  }

  async *#requests(): AsyncGenerator<Request> {
    yield this.#options.opening;
    while (!this.#isOver) {
      const audio = this.#nextSound();
      if (audio !== undefined) yield { streamingRequest: { case: 'audio', value: audio } };
      else if (this.#isEnded) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  /** What waits, as much as fits into a message: one frame in the usual case. */
  #nextSound(): Uint8Array<ArrayBuffer> | undefined {
    let count = 0;
    let bytes = 0;
    for (const piece of this.#unsent) {
      if (bytes + piece.length > MESSAGE_BYTES_MAX) break;
      bytes += piece.length;
      count++;
    }
    if (count === 0) return undefined;
    const sound = new Uint8Array(bytes);
    let at = 0;
    for (const piece of this.#unsent.splice(0, count)) {
      sound.set(piece, at);
      at += piece.length;
    }
    this.#unsentBytes -= bytes;
    return sound;
  }

  /** At most one settled portion, then what may still change; Google puts the spaces between portions itself. */
  #heard({ results }: StreamingRecognizeResponse): void {
    const changing: string[] = [];
    for (const { alternatives, isFinal } of results) {
      const text = alternatives[0]?.transcript ?? '';
      if (!isFinal) changing.push(text);
      else if (this.#characters <= SEGMENT_CHARACTERS_MAX) {
        this.#characters += text.length;
        this.#parts.push(text);
      }
    }
    this.#partial = changing.join('');
    if (results.length > 0) this.#options.onChanged();
  }

  #fail(error: RapidaError): void {
    if (this.#isOver) return;
    this.abort();
    this.#options.onFailed(error);
  }

  #over(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#unsent = [];
    this.#unsentBytes = 0;
    this.#partial = '';
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

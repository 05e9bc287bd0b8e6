import {
  type AudioFrame,
  FRAME_MS,
  FRAME_SAMPLES,
  RapidaError,
  type RecognitionHints,
  type SpeechToTextStream,
  type Transcript,
} from '@rapida/core';
import type { ToRecogniser } from './stt-messages.js';

/** Frames travel to the thread in packets of this many. */
export const PACKET_FRAMES = 5;
const PACKET_SAMPLES = PACKET_FRAMES * FRAME_SAMPLES;
const PACKET_MS = PACKET_FRAMES * FRAME_MS;
/** Packets the thread may hold untaken (1 s); what is beyond waits here, where its oldest can still be dropped. */
export const PACKETS_IN_FLIGHT_MAX = 10;
/** 10 s. */
export const PACKETS_QUEUED_MAX = 100;
/** Segments ended whose finals were not read. More means that nobody reads, or that the thread hangs. */
export const FINALS_PENDING_MAX = 64;

type Queued = ToRecogniser & { readonly type: 'audio' | 'end' | 'drop' | 'expect' };

export interface SttStreamLink {
  post(message: ToRecogniser): void;
  onDropped(ms: number): void;
  /** Nothing is posted afterwards. */
  onClosed(): void;
}

/** The caller's end of one stream. Messages from the thread come in through `receive*`. */
export class LocalSttStream implements SpeechToTextStream {
  readonly #id: number;
  readonly #link: SttStreamLink;
  readonly #signal: AbortSignal;
  readonly #queue: Queued[] = [];
  readonly #transcripts: Transcript[] = [];
  readonly #readers: { resolve(result: IteratorResult<Transcript>): void; reject(error: RapidaError): void }[] = [];
  readonly #onAbort = () => this.close();
  #packet = new Int16Array(PACKET_SAMPLES);
  #packetLength = 0;
  #queuedPackets = 0;
  #inFlight = 0;
  #finalsPending = 0;
  #closed = false;
  #failure: RapidaError | undefined;

  constructor(id: number, link: SttStreamLink, signal: AbortSignal) {
    this.#id = id;
    this.#link = link;
    this.#signal = signal;
    if (signal.aborted) this.close();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  write(frame: AudioFrame): void {
    if (this.#closed) return;
    this.#packet.set(frame.samples, this.#packetLength);
    this.#packetLength += FRAME_SAMPLES;
    if (this.#packetLength === PACKET_SAMPLES) this.#flush();
  }

  endSegment(): void {
    if (this.#closed) return;
    if (++this.#finalsPending > FINALS_PENDING_MAX) {
      this.fail(new RapidaError('provider_unavailable', 'The local recogniser does not keep up.'));
      return;
    }
    this.#flush();
    this.#enqueue({ type: 'end', stream: this.#id });
  }

  dropSegment(): void {
    if (this.#closed) return;
    this.#packetLength = 0;
    this.#forgetQueuedSegment();
    this.#enqueue({ type: 'drop', stream: this.#id });
  }

  expect(hints: RecognitionHints): void {
    if (this.#closed) return;
    this.#flush();
    const { kind, phrases } = hints;
    this.#enqueue({ type: 'expect', stream: this.#id, hints: { kind, phrases: [...phrases] } });
  }

  close(): void {
    if (this.#closed) return;
    this.#end();
    for (const reader of this.#readers.splice(0)) reader.resolve({ done: true, value: undefined });
  }

  /** The first failure is thrown to the reader once; a closed stream does not fail any more. */
  fail(error: RapidaError): void {
    if (this.#closed) return;
    this.#end();
    const reader = this.#readers.shift();
    if (reader === undefined) this.#failure = error;
    else reader.reject(error);
    for (const other of this.#readers.splice(0)) other.resolve({ done: true, value: undefined });
  }

  receiveTaken(): void {
    this.#inFlight--;
    this.#pump();
  }

  receiveDropped(ms: number): void {
    if (!this.#closed) this.#link.onDropped(ms);
  }

  receive(transcript: Transcript): void {
    if (this.#closed) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      this.#read(transcript);
      reader.resolve({ done: false, value: transcript });
      return;
    }
    // A guess nobody has read yet is worth nothing once there is a better one.
    if (this.#transcripts.at(-1)?.kind === 'partial') this.#transcripts.pop();
    this.#transcripts.push(transcript);
  }

  /** All iterators read from one queue; leaving one of them does not close the stream. */
  [Symbol.asyncIterator](): AsyncIterator<Transcript> {
    return { next: () => this.#next() };
  }

  #next(): Promise<IteratorResult<Transcript>> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) return Promise.reject(failure);
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    const transcript = this.#transcripts.shift();
    if (transcript === undefined) return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
    this.#read(transcript);
    return Promise.resolve({ done: false, value: transcript });
  }

  #read(transcript: Transcript): void {
    if (transcript.kind === 'final') this.#finalsPending--;
  }

  #flush(): void {
    if (this.#packetLength === 0) return;
    const whole = this.#packetLength === PACKET_SAMPLES;
    const samples = whole ? this.#packet : this.#packet.slice(0, this.#packetLength);
    if (whole) this.#packet = new Int16Array(PACKET_SAMPLES);
    this.#packetLength = 0;
    if (this.#queuedPackets === PACKETS_QUEUED_MAX) this.#dropOldest();
    this.#queuedPackets++;
    this.#enqueue({ type: 'audio', stream: this.#id, samples });
  }

  #dropOldest(): void {
    const oldest = this.#queue.findIndex((queued) => queued.type === 'audio');
    const [dropped] = this.#queue.splice(oldest, 1);
    this.#queuedPackets--;
    const samples = dropped?.type === 'audio' ? dropped.samples.length : 0;
    this.#link.onDropped((samples / PACKET_SAMPLES) * PACKET_MS);
  }

  /** Sound of the running segment that has not left yet. */
  #forgetQueuedSegment(): void {
    for (let i = this.#queue.length - 1; i >= 0 && this.#queue[i]?.type !== 'end'; i--) {
      if (this.#queue[i]?.type !== 'audio') continue;
      this.#queue.splice(i, 1);
      this.#queuedPackets--;
    }
  }

  #enqueue(message: Queued): void {
    if (message.type === 'expect' || message.type === 'drop') this.#removeOvertaken(message.type);
    this.#queue.push(message);
    this.#pump();
  }

  /** Between two pieces of sound only the last of its kind counts: so audio and ends bound the queue. */
  #removeOvertaken(type: 'expect' | 'drop'): void {
    for (let i = this.#queue.length - 1; i >= 0; i--) {
      const queued = this.#queue[i];
      if (queued?.type === 'audio' || queued?.type === 'end') return;
      if (queued?.type === type) this.#queue.splice(i, 1);
    }
  }

  #pump(): void {
    while (!this.#closed) {
      const next = this.#queue[0];
      if (next === undefined || (next.type === 'audio' && this.#inFlight >= PACKETS_IN_FLIGHT_MAX)) return;
      this.#queue.shift();
      if (next.type === 'audio') {
        this.#queuedPackets--;
        this.#inFlight++;
      }
      this.#link.post(next);
    }
  }

  #end(): void {
    this.#closed = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#queue.length = 0;
    this.#transcripts.length = 0;
    this.#link.onClosed();
  }
}

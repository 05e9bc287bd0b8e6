import type { RapidaError, SpeechToText, SpeechToTextOptions, SpeechToTextStream } from '@rapida/core';
import { LazyWorker } from './lazy-worker.js';
import type { FromRecogniser, ToRecogniser } from './stt-messages.js';
import { LocalSttStream } from './stt-stream.js';
import { workerFile } from './worker-file.js';

export interface LocalSpeechToTextOptions {
  /** Threads, each with a model of its own. Default 1, enough for about ten callers who speak at once. */
  readonly workers?: number;
  /** Hears how much sound was dropped because the recogniser fell behind. */
  readonly onDropped?: (ms: number) => void;
  /** Hears that a thread died; its streams have failed by then. */
  readonly onDeath?: (error: RapidaError) => void;
}

interface Thread {
  readonly worker: LazyWorker<ToRecogniser, FromRecogniser>;
  readonly streams: Map<number, LocalSttStream>;
  readonly lookups: Map<number, { resolve(words: readonly string[]): void; reject(error: RapidaError): void }>;
}

const TRANSFERRED: readonly ArrayBuffer[] = [];

/**
 * A phrase recogniser for English on the telephone: it hears whole phrases it was told to expect, digits, yes and no,
 * and rejects the rest. Threads start with the first stream that has something to say and end with `close`.
 */
export class LocalSpeechToText implements SpeechToText {
  readonly provider = 'local';
  readonly #threads: readonly Thread[];
  readonly #options: LocalSpeechToTextOptions;
  #lastId = 0;
  #closed = false;

  constructor(options: LocalSpeechToTextOptions = {}) {
    this.#options = options;
    this.#threads = Array.from({ length: options.workers ?? 1 }, () => this.#thread());
  }

  open(_options: SpeechToTextOptions, signal: AbortSignal): SpeechToTextStream {
    const thread = this.#leastBusy();
    const id = ++this.#lastId;
    const stream: LocalSttStream = new LocalSttStream(
      id,
      {
        post: (message) =>
          thread.worker.post(message, message.type === 'audio' ? bufferOf(message.samples) : TRANSFERRED),
        onDropped: (ms) => this.#options.onDropped?.(ms),
        onClosed: () => {
          if (thread.streams.delete(id)) thread.worker.postIfRunning({ type: 'close', stream: id });
        },
      },
      signal,
    );
    if (this.#closed) stream.close();
    else if (!signal.aborted) thread.streams.set(id, stream);
    return stream;
  }

  /** Which of the words (normalised) the recogniser cannot hear. Starts a thread if none is running. */
  unknownWords(words: readonly string[]): Promise<readonly string[]> {
    const thread = this.#leastBusy();
    const request = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#closed) return resolve([]);
      thread.lookups.set(request, { resolve, reject });
      thread.worker.post({ type: 'words', request, words });
    });
  }

  /** Idempotent. Ends all streams and threads. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { streams, lookups } of this.#threads) {
      for (const stream of [...streams.values()]) stream.close();
      for (const lookup of lookups.values()) lookup.resolve([]);
      lookups.clear();
    }
    await Promise.all(this.#threads.map(({ worker }) => worker.close()));
  }

  /** Ends the threads as a crash of the engine would; what opens afterwards gets new ones. */
  async killThreads(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.kill()));
  }

  #leastBusy(): Thread {
    return this.#threads.reduce((best, thread) => (thread.streams.size < best.streams.size ? thread : best));
  }

  #thread(): Thread {
    const worker = new LazyWorker<ToRecogniser, FromRecogniser>({
      file: workerFile('stt-worker', import.meta.url),
      onMessage: (message) => receive(thread, message),
      onDeath: (error) => {
        for (const stream of [...thread.streams.values()]) stream.fail(error);
        for (const lookup of thread.lookups.values()) lookup.reject(error);
        thread.lookups.clear();
        this.#options.onDeath?.(error);
      },
    });
    const thread: Thread = { worker, streams: new Map(), lookups: new Map() };
    return thread;
  }
}

function receive({ streams, lookups }: Thread, message: FromRecogniser): void {
  if (message.type === 'unknown-words') {
    lookups.get(message.request)?.resolve(message.words);
    lookups.delete(message.request);
    return;
  }
  const stream = streams.get(message.stream);
  if (message.type === 'taken') stream?.receiveTaken();
  else if (message.type === 'dropped') stream?.receiveDropped(message.ms);
  else if (message.type === 'partial') stream?.receive({ kind: 'partial', text: message.text });
  else if (message.rejected) stream?.receive({ kind: 'final', text: '', rejected: true });
  else stream?.receive({ kind: 'final', text: message.text });
}

function bufferOf(samples: Int16Array): readonly ArrayBuffer[] {
  return samples.buffer instanceof ArrayBuffer ? [samples.buffer] : TRANSFERRED;
}

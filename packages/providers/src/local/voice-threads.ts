import { RapidaError } from '@rapida/core';
import type { Utterance } from './flite.js';
import { LazyWorker } from './lazy-worker.js';
import type { FromVoice, ToVoice } from './tts-messages.js';
import { workerFile } from './worker-file.js';

/** Sentences that may wait for a thread; more are refused, because their callers would wait for ten seconds. */
export const UTTERANCES_WAITING_MAX = 100;

interface Task {
  readonly utterance: Utterance;
  readonly resolve: (samples: Int16Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: LazyWorker<ToVoice, FromVoice>;
  running: Task | undefined;
}

/** Utterances in order of asking, each on the first thread that is free. */
export class VoiceThreads {
  readonly #threads: readonly Thread[];
  readonly #waiting: Task[] = [];
  readonly #onDeath: (error: RapidaError) => void;
  #lastRequest = 0;
  #closed = false;

  constructor(workers: number, onDeath: (error: RapidaError) => void) {
    this.#onDeath = onDeath;
    this.#threads = Array.from({ length: workers }, () => this.#thread());
  }

  /**
   * Resolves with samples that nobody else has. An abort rejects with the signal's reason at once: what was waiting is
   * forgotten, what is being spoken goes on to `onLate`.
   */
  synthesise(utterance: Utterance, signal: AbortSignal, onLate: (samples: Int16Array) => void): Promise<Int16Array> {
    if (this.#closed) return Promise.reject(new RapidaError('provider_unavailable', 'The local voice is closed.'));
    if (this.#waiting.length >= UTTERANCES_WAITING_MAX) {
      return Promise.reject(new RapidaError('provider_unavailable', 'The local voice does not keep up.'));
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        const index = this.#waiting.indexOf(task);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal.reason);
      };
      const task: Task = {
        utterance,
        resolve: (samples) => {
          signal.removeEventListener('abort', onAbort);
          if (signal.aborted) onLate(samples);
          else resolve(samples);
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(task);
      this.#next();
    });
  }

  /** Ends the threads as a crash of the engine would. */
  async killThreads(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.kill()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const error = new RapidaError('provider_unavailable', 'The local voice was closed.');
    for (const task of this.#waiting.splice(0)) task.reject(error);
    for (const thread of this.#threads) thread.running?.reject(error);
    await Promise.all(this.#threads.map(({ worker }) => worker.close()));
  }

  #next(): void {
    for (const thread of this.#threads) {
      if (thread.running !== undefined) continue;
      const task = this.#waiting.shift();
      if (task === undefined) return;
      thread.running = task;
      thread.worker.post({ request: ++this.#lastRequest, utterance: task.utterance });
    }
  }

  #thread(): Thread {
    const finish = (settle: (task: Task) => void) => {
      const task = thread.running;
      thread.running = undefined;
      if (task !== undefined) settle(task);
      this.#next();
    };
    const worker = new LazyWorker<ToVoice, FromVoice>({
      file: workerFile('tts-worker', import.meta.url),
      onMessage: (message) =>
        finish((task) => {
          if (message.type === 'speech') task.resolve(message.samples);
          else task.reject(new RapidaError('provider_rejected', undefined, { cause: new Error(message.message) }));
        }),
      onDeath: (error) => {
        finish((task) => task.reject(error));
        this.#onDeath(error);
      },
    });
    const thread: Thread = { worker, running: undefined };
    return thread;
  }
}

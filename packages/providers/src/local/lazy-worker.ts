import { Worker } from 'node:worker_threads';
import { RapidaError } from '@rapida/core';

interface LazyWorkerOptions<In> {
  readonly file: string;
  readonly onMessage: (message: In) => void;
  /** The thread ended without being asked to. Whatever it was asked for will not be answered. */
  readonly onDeath: (error: RapidaError) => void;
}

/** A thread that starts with the first message and, after it died, again with the next. */
export class LazyWorker<Out, In> {
  readonly #options: LazyWorkerOptions<In>;
  #worker: Worker | undefined;
  #closed = false;

  constructor(options: LazyWorkerOptions<In>) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  /** Never blocks. Nothing happens once it is closed. */
  post(message: Out, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#closed) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, transfer);
  }

  /** The same, but no reason to start a thread. */
  postIfRunning(message: Out): void {
    this.#worker?.postMessage(message);
  }

  /** Ends the thread at once; a later message starts another. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Idempotent. What was asked for is not answered any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  #start(): Worker {
    // No flags and no environment: the engines need neither loaders of the parent nor its secrets.
    const worker = new Worker(this.#options.file, { execArgv: [], env: {} });
    let cause: unknown;
    worker.on('message', (message: In) => this.#options.onMessage(message));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      if (this.#closed) return;
      const message = `A local engine ended unexpectedly (exit code ${code}).`;
      this.#options.onDeath(new RapidaError('provider_unavailable', message, { cause }));
    });
    return worker;
  }
}

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Clock, Logger, Timer } from '@rapida/core';

export interface CheckpointWorkerData {
  readonly file: string;
}

/** SQLite's own answer: pages in the log, and how many of them are in the file by now. */
export interface Folded {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

export interface Checkpointer {
  /** Something was written: within `CHECKPOINT_INTERVAL_MS` the log will be folded. Never blocks, never throws. */
  wrote(): void;
  /** Ends the thread, after the checkpoint that it is in. Safe to call twice; a later `wrote` does nothing. */
  close(): Promise<void>;
}

interface CheckpointerOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const CHECKPOINT_INTERVAL_MS = 5_000;
/** After so many deaths in a row no thread is started any more, and the bound of the log is what remains. */
export const DEATHS_MAX = 4;

/**
 * Folds the log of a database file into it on another thread, because that waits for the disk. The thread starts with
 * the first request, has one request at a time, and keeps no process alive.
 */
export function createCheckpointer({ file, clock, logger }: CheckpointerOptions): Checkpointer {
  let worker: Worker | undefined;
  let timer: Timer | undefined;
  let closing: Promise<void> | undefined;
  let isDirty = false;
  let isAsked = false;
  let deathsInRow = 0;

  const arm = (): void => {
    if (!isDirty || isAsked || closing !== undefined || deathsInRow >= DEATHS_MAX) return;
    timer ??= clock.setTimer(CHECKPOINT_INTERVAL_MS, ask);
  };
  const ask = (): void => {
    timer = undefined;
    isDirty = false;
    isAsked = true;
    try {
      worker ??= start();
      worker.postMessage('fold');
    } catch (error) {
      onDeath(error);
    }
  };
  const onFolded = (folded: Folded): void => {
    isAsked = false;
    deathsInRow = 0;
    logger.debug({ ...folded }, 'database log folded');
    arm();
  };
  const onDeath = (err: unknown): void => {
    worker = undefined;
    isAsked = false;
    isDirty = true;
    if (closing !== undefined) return;
    deathsInRow++;
    if (deathsInRow < DEATHS_MAX)
      logger.warn({ err, file }, 'the thread that folds the database log ended; it is restarted');
    else logger.error({ err, file }, 'the thread that folds the database log keeps ending; writes fold it from now on');
    arm();
  };
  const start = (): Worker => {
    const workerData: CheckpointWorkerData = { file };
    // No flags and no environment: it needs neither loaders of the parent nor its secrets.
    const started = new Worker(workerFile(), { workerData, execArgv: [], env: {} });
    let cause: unknown;
    started.on('message', onFolded);
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => onDeath(cause));
    started.unref();
    return started;
  };
  const stop = async (): Promise<void> => {
    timer?.cancel();
    // Counted again for this wait: with nothing else to do the process would end in the middle of closing.
    worker?.ref();
    await worker?.terminate();
  };

  return {
    wrote() {
      isDirty = true;
      arm();
    },
    close() {
      closing ??= stop();
      return closing;
    },
  };
}

/** Threads cannot run TypeScript: from the sources (tests, development) it is what `tsc -b` wrote. */
function workerFile(): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/database/' : './';
  return fileURLToPath(new URL(`${folder}checkpoint-worker.js`, import.meta.url));
}

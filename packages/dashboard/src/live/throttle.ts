import type { BrowserClock } from '../clock.js';

export type Job = () => Promise<unknown>;

export interface Throttle {
  /**
   * Runs at once where nothing of this name ran lately, else when what runs is done and a pause is over: never twice for two
   * requests meanwhile.
   */
  run(name: string, job: Job): void;
  /** Nothing that waits runs any more. Calling it twice is safe. */
  close(): void;
}

/** Of each name one job at a time, with a pause behind it: the last that was asked for, and none is forgotten. */
export function createThrottle(clock: BrowserClock, pauseMs: number): Throttle {
  const waiting = new Map<string, Job | undefined>();
  const cancels = new Map<string, () => void>();
  let isClosed = false;
  const start = (name: string, job: Job): void => {
    waiting.set(name, undefined);
    const done = () => {
      if (!isClosed)
        cancels.set(
          name,
          clock.after(pauseMs, () => over(name)),
        );
    };
    // What it failed with is told by whoever asked.
    job().then(done, done);
  };
  const over = (name: string): void => {
    const job = waiting.get(name);
    waiting.delete(name);
    cancels.delete(name);
    if (job !== undefined) start(name, job);
  };
  return {
    run(name, job) {
      if (isClosed) return;
      if (waiting.has(name)) waiting.set(name, job);
      else start(name, job);
    },
    close() {
      isClosed = true;
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
      waiting.clear();
    },
  };
}

import type { BrowserClock } from '../clock.js';

export interface Throttle {
  /** Runs at once where nothing of this name ran lately, else when the pause is over: never twice for two requests in one pause. */
  run(name: string, job: () => void): void;
  /** Nothing that waits runs any more. */
  close(): void;
}

/** Of each name at most one job in `pauseMs`, the last one that was asked for, and none is forgotten. */
export function createThrottle(clock: BrowserClock, pauseMs: number): Throttle {
  const waiting = new Map<string, (() => void) | undefined>();
  const cancels = new Map<string, () => void>();
  const pause = (name: string): void => {
    waiting.set(name, undefined);
    const over = () => {
      const job = waiting.get(name);
      waiting.delete(name);
      cancels.delete(name);
      if (job === undefined) return;
      job();
      pause(name);
    };
    cancels.set(name, clock.after(pauseMs, over));
  };
  return {
    run(name, job) {
      if (waiting.has(name)) {
        waiting.set(name, job);
        return;
      }
      job();
      pause(name);
    },
    close() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
      waiting.clear();
    },
  };
}

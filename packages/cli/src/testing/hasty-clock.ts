import type { Clock } from '@rapida/core';

/** Between two looks; the limit of a request is longer. */
const isPause = (delayMs: number): boolean => delayMs < 10_000;

/** Waits that are wanted are over at once, all others never. Its time stands still. */
export function createHastyClock(isOver: (delayMs: number) => boolean = isPause): Clock {
  return {
    nowMs: () => 0,
    wallMs: () => 0,
    setTimer(delayMs, fire) {
      let cancelled = false;
      if (isOver(delayMs)) queueMicrotask(() => cancelled || fire());
      return {
        cancel() {
          cancelled = true;
        },
      };
    },
  };
}

/** What Ctrl-C does to the command that runs. */
export function pressCtrlC(): void {
  const listener = process.listeners('SIGINT').at(-1);
  if (listener === undefined) throw new Error('nothing listens for Ctrl-C');
  listener('SIGINT');
}

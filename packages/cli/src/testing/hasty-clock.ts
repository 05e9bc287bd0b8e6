import type { Clock } from '@rapida/core';

/** Waits that are wanted are over at once, all others never. Its time stands still. */
export function createHastyClock(isOver: (delayMs: number) => boolean = () => true): Clock {
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

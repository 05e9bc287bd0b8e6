/** Where time comes from: tests put another one here. The only file of this package that touches the platform's timers. */
export interface Clock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Calls `fire` once, `delayMs` from now; cancelling twice, or too late, is safe. */
  setTimer(delayMs: number, fire: () => void): { cancel(): void };
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs`; rejects with the reason of `signal` as soon as that aborts. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

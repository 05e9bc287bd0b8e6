/**
 * The one clock. Everything that reads time or waits takes a {@link Clock}; this file alone touches the platform's
 * timers (`tools/tidy.test.ts` enforces it), so a whole call can be simulated under a virtual clock.
 */
export interface Timer {
  /** Safe to call twice, and after the timer fired. */
  cancel(): void;
}

export interface Clock {
  /** Monotonic milliseconds with a fraction; for durations and schedules. Its zero has no meaning. */
  nowMs(): number;
  /** Milliseconds since 1970; for records only, never for durations. */
  wallMs(): number;
  /** Calls `fire` once, `delayMs` from now (0 or less: as soon as possible, never synchronously). */
  setTimer(delayMs: number, fire: () => void): Timer;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, Math.max(0, delayMs));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs`, or as soon as `signal` aborts (it never rejects: ask the signal which it was). */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      timer.cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.setTimer(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

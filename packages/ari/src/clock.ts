/** The time this package works by. It is injected, so that simulated hours run in seconds and no test sleeps. */
export interface AriClock {
  /** Monotonic milliseconds; only differences have a meaning. */
  nowMs(): number;
  /** Calls `fire` once after `delayMs`. Cancelling after it has fired, or twice, does nothing. */
  setTimer(delayMs: number, fire: () => void): { cancel(): void };
}

/**
 * The only source of time in this package. Nothing here reads the machine's clock, so a test can advance hours by hand.
 * `nowMs` must be monotonic; its origin does not matter. `cancel` after the timer has fired must be harmless.
 */
export interface AudioSocketClock {
  nowMs(): number;
  setTimer(delayMs: number, fire: () => void): { cancel(): void };
}

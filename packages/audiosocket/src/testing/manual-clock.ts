import type { AudioSocketClock } from '../clock.js';

/** Time that stands still until a test moves it. */
export class ManualClock implements AudioSocketClock {
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; fire: () => void }>();
  readonly #waiters: { count: number; resolve: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  setTimer(delayMs: number, fire: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + delayMs, fire };
    this.#timers.add(timer);
    for (const waiter of this.#waiters) if (this.#timers.size >= waiter.count) waiter.resolve();
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Resolves when so many timers are set: how a test knows that the other side of a socket has been accepted. */
  timersSet(count: number): Promise<void> {
    if (this.#timers.size >= count) return Promise.resolve();
    return new Promise((resolve) => void this.#waiters.push({ count, resolve }));
  }

  /** Fires everything that falls due, in order of time, each at its own time. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.fire();
    }
    this.#nowMs = untilMs;
  }
}

import type { AriClock } from './clock.js';

/** A clock that only moves when told to. Timers fire in the order they are due, each at its own time. */
export class HandClock implements AriClock {
  #nowMs = 1000;
  #timers = new Set<{ dueMs: number; fire: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, fire: () => void): { cancel(): void } {
    const timer = { dueMs: this.#nowMs + delayMs, fire };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      let next: { dueMs: number; fire: () => void } | undefined;
      for (const timer of this.#timers)
        if (timer.dueMs <= untilMs && timer.dueMs < (next?.dueMs ?? Infinity)) next = timer;
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.fire();
    }
    this.#nowMs = untilMs;
  }
}

import type { BrowserClock } from '../clock.js';

interface Timer {
  atMs: number;
  readonly everyMs: number | undefined;
  readonly fire: () => void;
}

/** Time that passes when a test says so. */
export class VirtualClock implements BrowserClock {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  wallMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, fire: () => void): () => void {
    return this.#set({ atMs: this.#nowMs + delayMs, everyMs: undefined, fire });
  }

  every(periodMs: number, fire: () => void): () => void {
    return this.#set({ atMs: this.#nowMs + periodMs, everyMs: periodMs, fire });
  }

  /** Fires what is due, in its order; promises that hang on it have moved on when this resolves. */
  async letPass(ms: number): Promise<void> {
    await settled();
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#nowMs = next.atMs;
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.atMs += next.everyMs;
      next.fire();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  get pending(): number {
    return this.#timers.size;
  }

  #set(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

/** Everything that waits for promises alone has moved on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

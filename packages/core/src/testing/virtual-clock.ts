import type { Clock, Timer } from '../clock.js';

interface Entry {
  readonly atMs: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

const CANCELLED_KEPT_MAX = 1_000;

/**
 * A clock that only moves when told to. Timers fire in the order of their deadlines, then of their making; between two
 * of them everything asynchronous that is ready runs, as it would in life.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  /** A binary heap by (atMs, order). */
  #heap: Entry[] = [];
  #live = 0;

  constructor(startMs = 1_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return 1_790_000_000_000 + this.#nowMs;
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const entry: Entry = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, fire };
    this.#live++;
    push(this.#heap, entry);
    return {
      cancel: () => {
        if (entry.fire === undefined) return;
        entry.fire = undefined;
        this.#live--;
        if (this.#heap.length > 2 * this.#live + CANCELLED_KEPT_MAX) this.#forgetCancelled();
      },
    };
  }

  /** Timers that are set and neither fired nor cancelled: 0 at the end of a call that leaked none. */
  get pendingTimers(): number {
    return this.#live;
  }

  /** Most timers of a simulation are limits, cancelled hours before they are due: they are not kept until then. */
  #forgetCancelled(): void {
    // In order, which is a heap too.
    this.#heap = this.#heap.filter(({ fire }) => fire !== undefined).sort((a, b) => (before(a, b) ? -1 : 1));
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      pop(this.#heap);
      if (next.fire === undefined) continue;
      const fire = next.fire;
      next.fire = undefined;
      this.#live--;
      this.#nowMs = next.atMs;
      fire();
      await settle();
    }
    this.#nowMs = untilMs;
  }

  /** Lets time pass until `done()` is true; fails after `limitMs` of virtual time. */
  async until(done: () => boolean, limitMs = 60_000): Promise<void> {
    const stopMs = this.#nowMs + limitMs;
    await settle();
    while (!done()) {
      if (this.#nowMs >= stopMs) throw new Error(`not reached within ${limitMs} ms of virtual time`);
      await this.advance(5);
    }
  }
}

/** Lets everything that is ready run: promises, and streams that hop through the macrotask queue once. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let i = heap.push(entry) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!before(entry, above)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right !== undefined && before(right, heap[child] as Entry)) child++;
    const below = heap[child] as Entry;
    if (!before(below, last)) break;
    heap[i] = below;
    i = child;
  }
  heap[i] = last;
}

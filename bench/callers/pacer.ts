import { type Clock, FRAME_MS } from '@rapida/core';

/** A tick this late meets others of its call or their replies: they share a read, and cost less than they should. */
const LATE_MS = 10;

export interface Paced {
  ticks: number;
  /** Many of them mean that the machine was too busy to measure anything. */
  late: number;
}

/**
 * Calls `tick` for each of `count` callers once per frame time, evenly spread over it, on one absolute schedule. Nothing is
 * left out: what is late is sent late, and counted.
 */
export function pace(clock: Clock, count: number, tick: (caller: number) => void): Readonly<Paced> {
  const paced: Paced = { ticks: 0, late: 0 };
  const originMs = clock.nowMs();
  const run = (): void => {
    const nowMs = clock.nowMs();
    for (;;) {
      const dueMs = originMs + (paced.ticks / count) * FRAME_MS;
      if (dueMs > nowMs) break;
      if (nowMs - dueMs > LATE_MS) paced.late++;
      tick(paced.ticks++ % count);
    }
    clock.setTimer(1, run);
  };
  run();
  return paced;
}

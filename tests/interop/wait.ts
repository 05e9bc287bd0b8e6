import { sleep, systemClock } from '@rapida/core';

const LOOK_MS = 5;

/** Looks until `condition` is true and returns how long that took; a failure that names what was awaited after `msMax`. */
export async function until(what: string, msMax: number, condition: () => boolean): Promise<number> {
  const startMs = systemClock.nowMs();
  while (!condition()) {
    if (systemClock.nowMs() - startMs > msMax) throw new Error(`${what}: not within ${msMax} ms`);
    await sleep(systemClock, LOOK_MS);
  }
  return systemClock.nowMs() - startMs;
}

/** The same for something that has to be asked for: the first answer that is not undefined. */
export async function poll<T>(what: string, msMax: number, ask: () => Promise<T | undefined>): Promise<T> {
  const startMs = systemClock.nowMs();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (systemClock.nowMs() - startMs > msMax) throw new Error(`${what}: not within ${msMax} ms`);
    await sleep(systemClock, 4 * LOOK_MS);
  }
}

/** A promise that must settle in time. The promise itself goes on; nobody waits for it any more. */
export async function within<T>(what: string, msMax: number, promise: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = sleep(systemClock, msMax, stop.signal).then(() => {
    if (!stop.signal.aborted) throw new Error(`${what}: not within ${msMax} ms`);
    return promise;
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

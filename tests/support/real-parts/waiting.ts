import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 20;

/** Asks until there is an answer; a failure that names what was awaited after `msMax`. Of ours nothing: this runs before all. */
export async function poll<T>(what: string, msMax: number, ask: () => Promise<T | undefined>): Promise<T> {
  for (let waitedMs = 0; waitedMs <= msMax; waitedMs += LOOK_MS) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(LOOK_MS);
  }
  throw new Error(`${what}: not within ${msMax} ms`);
}

/** Whether it settled in time. */
export async function settlesWithin(msMax: number, promise: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const late = sleep(msMax, false, { signal: stop.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), late]);
  stop.abort();
  return settled;
}

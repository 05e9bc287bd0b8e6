import { type Clock, sleep } from '@rapida/core';
import { isUnanswered } from './failure-text.js';

export const LOOK_EVERY_MS = 500;
/** A server that restarts is away for a while; it is asked again that often in a row. */
export const LOOK_MISSES_MAX = 20;

export interface Looking {
  readonly clock: Clock;
  /** Looking away: what is looked at goes on. */
  readonly signal: AbortSignal;
}

/** Looks until there is something to return; undefined where the signal came first. */
export async function lookUntil<T>(
  look: () => Promise<T | undefined>,
  { clock, signal }: Looking,
): Promise<T | undefined> {
  let misses = 0;
  while (!signal.aborted) {
    try {
      const found = await look();
      if (found !== undefined) return found;
      misses = 0;
    } catch (error) {
      if (!isUnanswered(error) || ++misses > LOOK_MISSES_MAX) throw error;
    }
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
  return undefined;
}

/** Hands over a signal that Ctrl-C aborts; a second Ctrl-C ends the command as ever. */
export async function untilInterrupted<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const away = new AbortController();
  const stop = (): void => away.abort();
  process.once('SIGINT', stop);
  try {
    return await run(away.signal);
  } finally {
    process.removeListener('SIGINT', stop);
  }
}

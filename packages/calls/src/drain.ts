import { type Clock, sleep } from '@rapida/core';
import type { LiveCalls } from './live-calls.js';
import type { Legs } from './outbound/legs.js';
import type { Preparations } from './preparation.js';

/** How long calls that are told to end may take for their goodbye. */
export const FAREWELL_MS = 10_000;
/** Media of a call that was registered here is waited for this long: Asterisk connects within seconds, or never. */
export const GIVEN_OUT_MS = 10_000;
const LOOK_MS = 100;

export interface DrainDependencies {
  readonly clock: Clock;
  readonly live: LiveCalls;
  readonly legs: Legs;
  readonly preparations: Pick<Preparations, 'awaits' | 'dropAll'>;
}

/**
 * Waits for the calls that run, that are being dialled, and whose media may come any moment, up to `limitMs`; says goodbye to
 * those that are left, and ends them. No new ones come in meanwhile.
 */
export async function drain(dependencies: DrainDependencies, limitMs: number): Promise<void> {
  const { live, legs, preparations } = dependencies;
  const finished = await allOver(dependencies, limitMs);
  // Their contexts were claimed by other nodes, or their callers have gone away.
  preparations.dropAll();
  if (finished) return;
  legs.cancelAll('server_shutdown');
  await live.closeAll('server_shutdown', FAREWELL_MS);
  await legs.idle(FAREWELL_MS);
}

async function allOver({ clock, live, legs, preparations }: DrainDependencies, limitMs: number): Promise<boolean> {
  const untilMs = clock.nowMs() + limitMs;
  const leftMs = (): number => untilMs - clock.nowMs();
  for (;;) {
    if (!(await live.idle(leftMs())) || !(await legs.idle(leftMs()))) return false;
    if (live.count > 0) continue;
    if (!preparations.awaits(GIVEN_OUT_MS)) return true;
    if (leftMs() <= 0) return false;
    await sleep(clock, Math.min(LOOK_MS, leftMs()));
  }
}

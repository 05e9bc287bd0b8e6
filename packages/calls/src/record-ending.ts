import type { CallPatch, Clock, Telemetry } from '@rapida/core';
import { within } from './bounded-wait.js';
import type { Journal } from './journal.js';
import { moveOf } from './lifecycle.js';
import { type CallOutcome, endEvent, endMetrics } from './outcome.js';

/** How long the end of a call waits for its record; what is left then is given up and counted. */
export const JOURNAL_DRAIN_MS = 5_000;

export interface Ending {
  readonly outcome: CallOutcome;
  readonly endedAtMs: number;
  /** Undefined where media never connected. */
  readonly durationMs?: number | undefined;
  readonly talkMs?: number;
  /** Anything else that becomes known with the end. */
  readonly patch?: CallPatch;
}

/**
 * Writes the end of a call: state, event and metrics together - unless the record says that it has ended already, which is
 * never overruled, or that the call is another one's. Resolves when it is stored or given up, to false where it does not stand;
 * never rejects, and closes the journal.
 */
export async function recordEnding(
  journal: Journal,
  { clock, telemetry }: { readonly clock: Clock; readonly telemetry: Telemetry },
  { outcome, endedAtMs, durationMs, talkMs = 0, patch = {} }: Ending,
): Promise<boolean> {
  const { ending, disconnectedBy, reason } = outcome;
  const metrics = endMetrics(outcome, durationMs, talkMs);
  const patched = { ...patch, endedAtMs, disconnectedBy, reason };
  const { type, data } = endEvent(outcome);
  // Whoever is told that it has ended knows whether to wait for more.
  const told = patch.analysis?.state === 'pending' ? { ...data, analysis: 'pending' } : data;
  const transition = journal.transition(ending, patched, { type, data: told, metrics });
  const written = await within(clock, transition, JOURNAL_DRAIN_MS);
  const moved = written.inTime ? written.value : undefined;
  if (moved !== false) telemetry.count('rapida_calls_ended_total', { state: moveOf(ending).to, by: disconnectedBy });
  // An end that could not be stored is left to the next start of this process.
  journal.close();
  return moved !== false;
}

/** The same for a call that came to nothing before it had media: one that got media meanwhile is left to its session. */
export function recordUnconnected(
  journal: Journal,
  dependencies: { readonly clock: Clock; readonly telemetry: Telemetry },
  outcome: CallOutcome,
): Promise<boolean> {
  const ending = outcome.ending === 'fail' ? 'drop' : outcome.ending;
  return recordEnding(journal, dependencies, {
    outcome: { ...outcome, ending },
    endedAtMs: dependencies.clock.wallMs(),
  });
}

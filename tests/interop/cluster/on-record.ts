import { RESUMED } from '../assistant.js';
import type { CallJson } from '../server-json.js';
import { assert } from '../wait.js';
import type { Cluster } from './cluster.js';

/** So many calls, each ended by its caller. */
export async function allCompleted(cluster: Cluster, expected: number): Promise<CallJson[]> {
  const calls = await cluster.endedCalls();
  // One that was begun anew elsewhere would be another one.
  assert(calls.length === expected, `${expected} calls were made, ${calls.length} are on record`);
  const odd = calls.filter(({ state, disconnectedBy }) => state !== 'completed' || disconnectedBy !== 'user');
  const told = odd.map(({ id, state, reason }) => `${id} ${state} ${reason}`).slice(0, 5);
  assert(odd.length === 0, `${odd.length} calls did not end as their callers did: ${told.join('; ')}`);
  return calls;
}

/** Who spoke in a call, in order; where the assistant was sorry to have lost the caller that is `sorry`. */
export async function turnsOf(cluster: Cluster, id: string): Promise<string> {
  const turns = await cluster.witness.transcript(id);
  // Whether a question is understood depends on how busy the machine is: an answer it has in any case.
  return turns.map(({ role, text }) => (text.startsWith(RESUMED) ? 'sorry' : role)).join(' ');
}

/** A greeting, so many questions, and an answer to each. The number of its turns. */
export async function hasTurns(cluster: Cluster, id: string, questions: number): Promise<number> {
  const turns = await turnsOf(cluster, id);
  const expected = `assistant${' user assistant'.repeat(questions)}`;
  assert(turns === expected, `the turns of call ${id} are ${turns}`);
  return 1 + 2 * questions;
}

import { HOURS } from '../assistant.js';
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

/** So many questions, and an answer to each. The number of its turns. */
export async function hasTurns(cluster: Cluster, id: string, questions: number): Promise<number> {
  const turns = await cluster.witness.transcript(id);
  const asked = turns.filter(({ role }) => role === 'user').length;
  const answered = turns.filter(({ role, text }) => role === 'assistant' && text === HOURS).length;
  const found = turns.map(({ role, text }) => `${role}: ${text}`).join(' / ');
  assert(asked === questions && answered === questions, `the transcript of call ${id} is ${found}`);
  return turns.length;
}

import type { CallOutcome } from '../call/run-call.js';
import type { CallStep } from '../call/script.js';

/** What must hold of a demonstration call; the sentences name what did not. Empty: all is well. */
export function problemsOf(outcome: CallOutcome, steps: readonly CallStep[], understood: readonly string[]): string[] {
  const { turns, phone, state } = outcome;
  const problems: string[] = [];
  const heard = turns.filter((turn) => turn.role === 'user').map((turn) => turn.text);
  if (JSON.stringify(heard) !== JSON.stringify(understood)) {
    problems.push(`the caller was understood as ${JSON.stringify(heard)} instead of ${JSON.stringify(understood)}`);
  }
  if (phone.unanswered > 0)
    problems.push(`after ${phone.unanswered} of ${steps.length} sentences the assistant was not heard`);
  const assistantTurns = turns.filter((turn) => turn.role === 'assistant').length;
  if (phone.heardMs < assistantTurns * 400) problems.push(`the assistant was heard for ${phone.heardMs} ms only`);
  const wanted = steps.some((step) => step.kind === 'interrupt');
  if (wanted && !turns.some((turn) => turn.interrupted)) problems.push('the interruption did not stop the assistant');
  if (state !== 'completed') problems.push(`the call is recorded as ${state}, not as completed`);
  return problems;
}

import type { Call, CallState } from '@rapida/client';
import { explainEnding } from './endings.js';

const STATE_WORDS: Readonly<Partial<Record<CallState, string>>> = {
  queued: 'it waits for its turn',
  dialing: 'Asterisk was asked to dial',
  ringing: 'it rings',
  answered: 'somebody answered; the sound is being connected',
  connected: 'the assistant speaks and listens',
};

/** The state of a call in words; of one that has ended, why. */
export function stateLine(call: Call): string {
  const { state, reason, outbound } = call;
  const attempt = outbound?.attempt && outbound.attempt > 1 ? ` (attempt ${outbound.attempt})` : '';
  const words = STATE_WORDS[state];
  if (words !== undefined) return `  ${state.padEnd(10)} ${words}${attempt}`;
  const explained = explainEnding(call);
  return `  ${state.padEnd(10)} ${[reason, explained].filter(Boolean).join(': ')}`;
}

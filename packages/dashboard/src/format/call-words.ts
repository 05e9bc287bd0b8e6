import type { Call, CallState } from '@rapida/client';

export type Tone = 'neutral' | 'live' | 'good' | 'warn' | 'bad';

interface StateWords {
  readonly text: string;
  readonly tone: Tone;
}

const STATES: Readonly<Record<CallState, StateWords>> = {
  queued: { text: 'Waiting', tone: 'neutral' },
  dialing: { text: 'Dialling', tone: 'live' },
  ringing: { text: 'Ringing', tone: 'live' },
  answered: { text: 'Answered', tone: 'live' },
  registered: { text: 'Registered', tone: 'live' },
  connected: { text: 'Connected', tone: 'live' },
  completed: { text: 'Completed', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  no_answer: { text: 'No answer', tone: 'warn' },
  busy: { text: 'Busy', tone: 'warn' },
  rejected: { text: 'Rejected', tone: 'warn' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
  expired: { text: 'Expired', tone: 'warn' },
};

/** A newer server may have states that this page does not know. */
export function stateWords(state: string): StateWords {
  return STATES[state as CallState] ?? { text: state, tone: 'neutral' };
}

const BY: Readonly<Record<NonNullable<Call['disconnectedBy']>, string>> = {
  user: 'the caller',
  assistant: 'the assistant',
  system: 'the system',
};

/** Why and by whom a call ended, in one line; undefined while it goes on. */
export function endingWords({ endedAt, disconnectedBy, reason }: Call): string | undefined {
  if (endedAt === null) return undefined;
  const by = disconnectedBy === null ? 'Ended' : `Ended by ${BY[disconnectedBy]}`;
  return reason === null ? by : `${by}: ${reason.replaceAll('_', ' ')}`;
}

/** How long it was talked, or has been so far; undefined where nobody was connected. */
export function talkMs({ connectedAt, endedAt }: Pick<Call, 'connectedAt' | 'endedAt'>, nowMs: number) {
  if (connectedAt === null) return undefined;
  return (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(connectedAt);
}

/** Who is on the other side of the line from us. */
export function otherSide({ direction, from, to }: Pick<Call, 'direction' | 'from' | 'to'>): string {
  return direction === 'outbound' ? (to ?? 'unknown') : from;
}

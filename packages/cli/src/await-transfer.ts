import type { CallEvent, Calls } from '@rapida/client';
import { type Looking, lookUntil } from './look-until.js';

/** A last sentence may take half a minute, and the dialplan a while to ask where to go. */
export const LEAVES_MS_MAX = 60_000;
/** As long as a phone rings. Where nobody tells whether it was answered, no more is waited for. */
export const ANSWERED_MS_MAX = 30_000;

export type TransferSeen =
  | { readonly outcome: 'failed'; readonly reason: string }
  /** The caller has gone to the target. */
  | { readonly outcome: 'transferred' }
  | { readonly outcome: 'answered' };

/**
 * What becomes of a transfer by what is put on record after the first `since` events, each step told once. Undefined where
 * nothing was seen in time, or the signal came first.
 */
export async function awaitTransfer(
  calls: Pick<Calls, 'events'>,
  call: { readonly id: string; readonly since: number },
  looking: Looking,
  onGone: () => void,
): Promise<TransferSeen | undefined> {
  const look = async () => seenIn((await calls.events(call.id)).slice(call.since));
  const left = await lookFor(look, LEAVES_MS_MAX, looking);
  if (left?.outcome !== 'transferred') return left;
  onGone();
  const lookOn = async () => {
    const seen = await look();
    return seen?.outcome === 'transferred' ? undefined : seen;
  };
  return (await lookFor(lookOn, ANSWERED_MS_MAX, looking)) ?? left;
}

async function lookFor<T>(
  look: () => Promise<T | undefined>,
  limitMs: number,
  { clock, signal }: Looking,
): Promise<T | undefined> {
  const tooLong = new AbortController();
  const timer = clock.setTimer(limitMs, () => tooLong.abort());
  try {
    return await lookUntil(look, { clock, signal: AbortSignal.any([signal, tooLong.signal]) });
  } finally {
    timer.cancel();
  }
}

function seenIn(events: readonly CallEvent[]): TransferSeen | undefined {
  const last = events.findLast(({ type }) => Object.hasOwn(OUTCOMES, type));
  if (last === undefined) return undefined;
  const outcome = OUTCOMES[last.type as keyof typeof OUTCOMES];
  return outcome === 'failed' ? { outcome, reason: String(last.data.reason ?? 'unknown') } : { outcome };
}

const OUTCOMES = {
  'call.transferred': 'transferred',
  'call.transfer_answered': 'answered',
  'call.transfer_failed': 'failed',
} as const;

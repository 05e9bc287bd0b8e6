import type { AriFailure } from '@rapida/ari';
import type { ErrorCode } from '@rapida/core';
import { ariFailureCode } from '../credentials/checks.js';
import type { CallOutcome } from '../outcome.js';

/** What Asterisk said last about a channel that was never answered. */
export interface LastCause {
  /** Q.850. */
  readonly cause: number;
  /** The technology's own, where Asterisk tells (from 20 on): for SIP the status. */
  readonly techCause?: number | undefined;
}

/** Ended by our own clock, where Asterisk did not. */
export const NOT_ANSWERED_IN_TIME: CallOutcome = {
  ending: 'no_answer',
  disconnectedBy: 'system',
  reason: 'no_answer',
};

/** Q.850 causes of a call that was not answered; what is missing here is `call_failed`. */
const BY_CAUSE: ReadonlyMap<number, Pick<CallOutcome, 'ending' | 'reason'>> = new Map([
  // What Asterisk says of channels that end because it stops.
  [0, { ending: 'fail', reason: 'asterisk_lost' }],
  [1, { ending: 'fail', reason: 'number_unknown' }],
  [2, { ending: 'fail', reason: 'number_unknown' }],
  [3, { ending: 'fail', reason: 'unreachable' }],
  [17, { ending: 'busy', reason: 'busy' }],
  [18, { ending: 'no_answer', reason: 'no_answer' }],
  [19, { ending: 'no_answer', reason: 'no_answer' }],
  [20, { ending: 'fail', reason: 'unreachable' }],
  [21, { ending: 'reject', reason: 'rejected' }],
  [22, { ending: 'fail', reason: 'number_unknown' }],
  [27, { ending: 'fail', reason: 'unreachable' }],
  [28, { ending: 'fail', reason: 'number_rejected' }],
  [34, { ending: 'fail', reason: 'trunk_busy' }],
  [38, { ending: 'fail', reason: 'unreachable' }],
  [42, { ending: 'fail', reason: 'trunk_busy' }],
  [58, { ending: 'fail', reason: 'codec_refused' }],
]);

/** Asterisk has cause 21 for several refusals of SIP: these are the trunk's and not the callee's. */
const TRUNK_REFUSES: readonly number[] = [401, 403, 407];

/** How an attempt ended whose channel is gone and was never answered. Asterisk has 19 also where nothing ever rang. */
export function endOfDial({ cause, techCause = 0 }: LastCause, rang: boolean): CallOutcome {
  if (TRUNK_REFUSES.includes(techCause)) return failedWith('trunk_refused');
  const known = BY_CAUSE.get(cause);
  if (known === undefined) return failedWith('call_failed', `cause ${cause}`);
  if (known.ending === 'no_answer' && !rang) return failedWith('unreachable');
  const disconnectedBy = known.ending === 'busy' || known.ending === 'reject' ? 'user' : 'system';
  return { ...known, disconnectedBy };
}

/** How an attempt ended that Asterisk did not take, or whose media it did not make. */
export function endOfFailure(failure: AriFailure, trunkUnknown = false): CallOutcome {
  const code: ErrorCode =
    failure.kind === 'allocation_failed'
      ? trunkUnknown
        ? 'trunk_unknown'
        : 'number_rejected'
      : ariFailureCode(failure.kind);
  return { ...failedWith(code, failure.message), code };
}

function failedWith(reason: string, detail?: string): CallOutcome {
  return { ending: 'fail', disconnectedBy: 'system', reason, ...(detail !== undefined && { detail }) };
}

import { type CallRecord, FINAL_STATES, RapidaError } from '@rapida/core';

/** What decides whether a call may be taken up again. Pure. */

/** Fails with `call_ended` or `resume_limit`. */
export function checkResumable(call: CallRecord, resumesMax: number): void {
  // A directive is written when it is decided how the call goes on: it is ending, whatever its state says yet.
  if (FINAL_STATES.includes(call.state) || call.state === 'queued' || call.directive !== null) {
    throw new RapidaError('call_ended');
  }
  if (call.resumes >= resumesMax) throw new RapidaError('resume_limit');
}

/** Somebody was talking, and a dialplan may ask for it: in our Stasis application there is none. */
export function mayBeResumed(call: CallRecord, resumesMax: number): boolean {
  const isOpen = call.state === 'connected' && call.directive === null;
  return isOpen && call.resumes < resumesMax && call.outbound?.dialed?.mode !== 'stasis';
}

import { CALL_STATES, type CallState, FINAL_STATES } from '@rapida/core';

/**
 * What can happen to a call, from whichever side it is reported. Reports may come in any order and from any process:
 * each one names where it leads and out of which states, everything else leaves the call as it is.
 */
export type LifecycleInput =
  /** Told by Asterisk before there is media. */
  | 'dial'
  | 'ring'
  | 'answer'
  | 'no_answer'
  | 'busy'
  | 'reject'
  | 'cancel'
  /** Told by ourselves. */
  | 'requeue'
  | 'connect'
  | 'expire'
  | 'complete'
  | 'fail'
  /** It failed before there was media. */
  | 'drop';

interface Move {
  readonly to: CallState;
  readonly from: readonly CallState[];
}

/** A call without media: only such a one can be moved by what Asterisk reports beside the media. */
const WITHOUT_MEDIA: readonly CallState[] = ['queued', 'dialing', 'ringing', 'answered', 'registered'];
const NOT_ENDED: readonly CallState[] = CALL_STATES.filter((state) => !FINAL_STATES.includes(state));

const MOVES: Readonly<Record<LifecycleInput, Move>> = {
  dial: { to: 'dialing', from: ['queued'] },
  // Not out of the queue: what is told late of a former attempt must not begin the next one.
  ring: { to: 'ringing', from: ['dialing'] },
  answer: { to: 'answered', from: ['dialing', 'ringing'] },
  no_answer: { to: 'no_answer', from: WITHOUT_MEDIA },
  busy: { to: 'busy', from: WITHOUT_MEDIA },
  reject: { to: 'rejected', from: WITHOUT_MEDIA },
  cancel: { to: 'cancelled', from: WITHOUT_MEDIA },
  // The one step back: an attempt came to nothing and the number will be dialled again.
  requeue: { to: 'queued', from: ['dialing', 'ringing'] },
  connect: { to: 'connected', from: WITHOUT_MEDIA },
  expire: { to: 'expired', from: WITHOUT_MEDIA },
  // The session knows best how its media ended, even where the report that it began was lost.
  complete: { to: 'completed', from: NOT_ENDED },
  fail: { to: 'failed', from: NOT_ENDED },
  drop: { to: 'failed', from: WITHOUT_MEDIA },
};

/** Pure and total. A final state never changes, and progress never goes back. */
export function next(state: CallState, input: LifecycleInput): CallState {
  const move = MOVES[input];
  return move.from.includes(state) ? move.to : state;
}

/**
 * The same as compare-and-set for a store. A state that is not final may be entered again, so that repeating a write
 * whose answer was lost does no harm.
 */
export function moveOf(input: LifecycleInput): Move {
  const move = MOVES[input];
  if (FINAL_STATES.includes(move.to)) return move;
  return { to: move.to, from: [...move.from, move.to] };
}

import type { AriFailure } from '@rapida/ari';
import type { LifecycleInput } from '../lifecycle.js';
import type { CallOutcome } from '../outcome.js';
import { endOfDial, endOfFailure, type LastCause, NOT_ANSWERED_IN_TIME } from './leg-outcome.js';

/**
 * The life of a telephone's channel that we steer through ARI: dialled by us, or handed to our Stasis application. Pure:
 * what happens goes in, what is to be done comes out. Reports come in any order and may be missing, so each one is taken
 * for what it proves (a channel in Stasis is answered, whether or not that was said), and the first cause of an end stands.
 *
 * `dialing` -> `up` (answered, no sound yet) -> `connected` (a session holds the call) -> `closed`.
 */
export interface LegState {
  /** Dialled by us, or come in and handed to our application. */
  readonly direction: 'outbound' | 'inbound';
  /** In `dialplan` the sound is the dialplan's business; in `stasis` we build and take down media channel and bridge. */
  readonly mode: 'dialplan' | 'stasis';
  readonly phase: 'dialing' | 'up' | 'connected' | 'closed';
  /** The other side was told of the call: it rang, or sent early media. */
  readonly rang: boolean;
  /** The phone's channel is in our application. */
  readonly inStasis: boolean;
  /** The phone's channel is gone. */
  readonly gone: boolean;
  /** In Stasis: whether Asterisk was told to let the phone go on in the dialplan, and has done so. */
  readonly leaving: 'no' | 'asked' | 'taken';
  /** Since it was asked, the phone's channel was seen to leave: it was let go, or it is gone; the answer tells. */
  readonly left: boolean;
  readonly limits: LegLimits;
}

export interface LegLimits {
  readonly ringMs: number;
}

/** Asterisk ends the ringing itself; this much later we do. */
export const RING_GRACE_MS = 10_000;
/** From the answer to connected media. */
export const MEDIA_MS_MAX = 10_000;
/** A session whose channel is gone, or whose media is, ends by itself; when it has not after this long, it is ended. */
export const SESSION_END_MS = 3_000;

export type LegEvent =
  | { readonly type: 'start' }
  /** Asterisk is asked to dial now: until then the call waited for its turn. */
  | { readonly type: 'asked' }
  | { readonly type: 'originate_failed'; readonly failure: AriFailure; readonly trunkUnknown: boolean }
  | { readonly type: 'ringing' }
  | { readonly type: 'up' }
  | { readonly type: 'in_stasis' }
  | { readonly type: 'media_failed'; readonly failure: AriFailure }
  | { readonly type: 'media_gone' }
  | { readonly type: 'phone_gone'; readonly cause: LastCause }
  /** A look at Asterisk, after events may have been missed, found no such channel. */
  | { readonly type: 'phone_lost' }
  | { readonly type: 'dtmf'; readonly digit: string }
  | { readonly type: 'session_connected' }
  | { readonly type: 'session_ended' }
  /** The phone's channel is in our application no more. */
  | { readonly type: 'stasis_end' }
  /** Asterisk is asked to let the phone go on in the dialplan; and its answer. */
  | { readonly type: 'leave' }
  | { readonly type: 'leave_taken' }
  | { readonly type: 'leave_refused' }
  | { readonly type: 'timer'; readonly timer: LegTimer }
  | { readonly type: 'cancel'; readonly reason: string };

export type LegTimer = 'ring' | 'media' | 'session';

export type LegAction =
  | { readonly type: 'originate' }
  | { readonly type: 'answer' }
  | { readonly type: 'build_media' }
  | { readonly type: 'record'; readonly input: Extract<LifecycleInput, 'ring' | 'answer'> }
  /** The call (or this attempt of it) came to nothing: to be recorded, or dialled again. */
  | { readonly type: 'end'; readonly outcome: CallOutcome }
  | { readonly type: 'set_timer'; readonly timer: LegTimer; readonly delayMs: number }
  | { readonly type: 'cancel_timer'; readonly timer: LegTimer }
  | { readonly type: 'hang_up_phone' }
  /** Media channel and bridge, whatever of them is there. */
  | { readonly type: 'take_down_media' }
  | { readonly type: 'press'; readonly digit: string }
  /** The session is to end as one whose caller has hung up: its media may end in whatever way. */
  | { readonly type: 'tell_gone' }
  | { readonly type: 'close_session'; readonly reason: string }
  /** Nothing more will be done: the shell lets go of the leg. Always the last action. */
  | { readonly type: 'close' };

type Step = readonly [LegState, readonly LegAction[]];

const STAYS = { leaving: 'no', left: false } as const;

export function outboundLeg(mode: LegState['mode'], limits: LegLimits): LegState {
  return { direction: 'outbound', mode, phase: 'dialing', rang: false, inStasis: false, gone: false, ...STAYS, limits };
}

/** A channel that entered our application by itself. */
export function inboundLeg(): LegState {
  return {
    direction: 'inbound',
    mode: 'stasis',
    phase: 'up',
    rang: false,
    inStasis: true,
    gone: false,
    ...STAYS,
    limits: { ringMs: 0 },
  };
}

/** Total: an event that means nothing in this phase changes nothing. */
export function stepLeg(state: LegState, event: LegEvent): Step {
  if (state.phase === 'closed') return [state, []];
  switch (event.type) {
    case 'start':
      return [state, onStart(state)];
    case 'asked':
      return [state, state.phase === 'dialing' ? [setTimer('ring', state.limits.ringMs + RING_GRACE_MS)] : []];
    case 'originate_failed':
      return onOriginateFailed(state, event);
    case 'ringing':
      return onRinging(state);
    case 'up':
      return onUp(state, []);
    case 'in_stasis':
      return onInStasis(state);
    case 'media_failed':
      return state.phase === 'up' ? fail(state, endOfFailure(event.failure)) : [state, []];
    case 'media_gone':
      return onMediaGone(state);
    case 'phone_gone':
      return onPhoneGone(state, event.cause);
    case 'phone_lost':
      return onPhoneGone(state, undefined);
    case 'dtmf':
      return [state, state.phase === 'connected' && state.mode === 'stasis' ? [press(event.digit)] : []];
    case 'session_connected':
      return onConnected(state);
    case 'session_ended':
      return onSessionEnded(state);
    case 'stasis_end':
      return onPhoneGone(state, { cause: NORMAL_CLEARING });
    case 'leave':
      return [state.phase === 'connected' && !state.gone ? { ...state, leaving: 'asked', left: false } : state, []];
    case 'leave_taken':
      return [state.leaving === 'asked' ? { ...state, leaving: 'taken' } : state, []];
    case 'leave_refused':
      return onLeaveRefused(state);
    case 'timer':
      return onTimer(state, event.timer);
    case 'cancel':
      return onCancel(state, event.reason);
  }
}

/** Asterisk's own words for no. Anything else may come from something in between, and the telephone may ring. */
const REFUSALS: readonly AriFailure['kind'][] = [
  ...(['unauthorized', 'forbidden', 'invalid', 'not_found', 'conflict'] as const),
  ...(['not_in_stasis', 'unprocessable', 'allocation_failed'] as const),
];

function onStart({ direction }: LegState): LegAction[] {
  return direction === 'outbound'
    ? [{ type: 'originate' }]
    : [setTimer('media', MEDIA_MS_MAX), { type: 'answer' }, { type: 'build_media' }];
}

function onOriginateFailed(
  state: LegState,
  { failure, trunkUnknown }: Extract<LegEvent, { type: 'originate_failed' }>,
): Step {
  // An answer that was lost says nothing about the phone: it may ring, or be answered by now.
  if (state.phase !== 'dialing') return [state, []];
  const outcome = endOfFailure(failure, trunkUnknown);
  return failure.sent && !REFUSALS.includes(failure.kind) ? fail(state, outcome) : closed(state, [end(outcome)]);
}

function onRinging(state: LegState): Step {
  if (state.phase !== 'dialing' || state.rang) return [state, []];
  return [{ ...state, rang: true }, [{ type: 'record', input: 'ring' }]];
}

function onUp(state: LegState, more: readonly LegAction[]): Step {
  if (state.phase !== 'dialing') return [state, more];
  const actions: LegAction[] = [
    { type: 'cancel_timer', timer: 'ring' },
    { type: 'record', input: 'answer' },
    setTimer('media', MEDIA_MS_MAX),
  ];
  return [{ ...state, phase: 'up' }, [...actions, ...more]];
}

function onInStasis(state: LegState): Step {
  if (state.mode !== 'stasis' || state.inStasis) return [state, []];
  return onUp({ ...state, inStasis: true }, [{ type: 'build_media' }]);
}

function onConnected(state: LegState): Step {
  // Sound proves the answer, also where the report of it is still on its way.
  const [up, actions] = onUp(state, []);
  if (up.phase !== 'up') return [state, []];
  return [{ ...up, phase: 'connected' }, [...actions, { type: 'cancel_timer', timer: 'media' }]];
}

function onSessionEnded(state: LegState): Step {
  if (state.phase !== 'connected') return [state, []];
  // The dialplan asks what comes next itself, and hangs up by itself.
  if (state.mode === 'dialplan') return closed(state, []);
  const handedOver = state.leaving === 'taken';
  return closed(state, [...(handedOver ? [] : [HANG_UP]), { type: 'take_down_media' }]);
}

/** What was seen meanwhile was no letting go. */
function onLeaveRefused(state: LegState): Step {
  const stayed = { ...state, ...STAYS };
  return state.leaving === 'asked' && state.left ? onPhoneGone(stayed, { cause: NORMAL_CLEARING }) : [stayed, []];
}

function onMediaGone(state: LegState): Step {
  if (state.mode !== 'stasis') return [state, []];
  if (state.phase === 'up') return fail(state, failed('no_media', 'no_media'));
  return state.phase === 'connected' ? [state, [setTimer('session', SESSION_END_MS)]] : [state, []];
}

function onPhoneGone(state: LegState, cause: LastCause | undefined): Step {
  switch (state.phase) {
    case 'dialing':
      return closed(state, [end(cause === undefined ? LOST : endOfDial(cause, state.rang)), ...takeDown(state)]);
    case 'up':
      return closed(state, [end(cause === undefined ? LOST : GONE_BEFORE_MEDIA), ...takeDown(state)]);
    default:
      if (state.leaving === 'asked') return [{ ...state, left: true }, []];
      // It belongs to the dialplan now.
      if (state.leaving === 'taken') return [state, []];
      // Told twice in Stasis: that it left the application, and that it is no more.
      if (state.gone) return [state, []];
      return [
        { ...state, gone: true },
        [{ type: 'tell_gone' }, ...takeDown(state), setTimer('session', SESSION_END_MS)],
      ];
  }
}

function onTimer(state: LegState, timer: LegTimer): Step {
  if (timer === 'ring' && state.phase === 'dialing') return fail(state, NOT_ANSWERED_IN_TIME);
  if (timer === 'media' && state.phase === 'up') return fail(state, failed('no_media', 'no_media'));
  if (timer === 'session' && state.phase === 'connected') {
    return [state, [{ type: 'close_session', reason: 'channel_gone' }]];
  }
  return [state, []];
}

function onCancel(state: LegState, reason: string): Step {
  if (state.phase === 'connected') return [state, [{ type: 'close_session', reason }]];
  return fail(state, { ending: 'cancel', disconnectedBy: 'system', reason });
}

/** Ends it for a reason of ours: whatever is there of it is taken away. */
function fail(state: LegState, outcome: CallOutcome): Step {
  // The person first: the rest may take its time.
  return closed(state, [end(outcome), { type: 'hang_up_phone' }, ...takeDown(state)]);
}

function closed(state: LegState, actions: readonly LegAction[]): Step {
  const timers = (['ring', 'media', 'session'] as const).map((timer) => ({ type: 'cancel_timer', timer }) as const);
  return [{ ...state, phase: 'closed' }, [...timers, ...actions, { type: 'close' }]];
}

function takeDown({ mode }: LegState): LegAction[] {
  return mode === 'stasis' ? [{ type: 'take_down_media' }] : [];
}

function end(outcome: CallOutcome): LegAction {
  return { type: 'end', outcome };
}

function setTimer(timer: LegTimer, delayMs: number): LegAction {
  return { type: 'set_timer', timer, delayMs };
}

function press(digit: string): LegAction {
  return { type: 'press', digit };
}

function failed(reason: string, code: NonNullable<CallOutcome['code']>): CallOutcome {
  return { ending: 'fail', disconnectedBy: 'system', reason, code };
}

/** Q.850 */
const NORMAL_CLEARING = 16;
const HANG_UP: LegAction = { type: 'hang_up_phone' };
const LOST: CallOutcome = { ending: 'fail', disconnectedBy: 'system', reason: 'asterisk_lost' };
const GONE_BEFORE_MEDIA: CallOutcome = { ending: 'fail', disconnectedBy: 'user', reason: 'hung_up_before_media' };

import { act, inTurn, type Move, set, setCaller, stay } from '../moves.js';
import { QUIET_CALLER, type Reply } from '../state.js';
import { failureReply, isOrder } from './failure.js';
import { follow } from './hand-over.js';
import { assistantTurn, forgetReply, heardOf, recordAsked, remember, sayText } from './reply.js';

/** How a reply ends: heard whole, or stopped. Nothing else may set `reply` to undefined. */

/** Words of the caller that fell into the end of a reply without interrupting it count as an answer if they are this fresh. */
const OVERLAP_KEPT_MS = 1_500;

/** Looks whether the running reply is over. Runs after every event, whatever may have ended it. */
export const settleReply: Move = (state, view) => {
  const { reply } = state;
  if (reply === undefined) return [state, []];
  const open = reply.pieces.some((piece) => piece.stage === 'playing');
  if (reply.stopping !== 'no') return open ? [state, []] : stopped(reply)(state, view);
  return isOver(reply) ? heardWhole(reply)(state, view) : [state, []];
};

function isOver(reply: Reply): boolean {
  // While the caller makes a sound the playout is silent: what would follow could not be heard either.
  if (reply.paused || reply.held) return false;
  if (reply.model !== 'idle' || reply.keys !== '') return false;
  return reply.pieces.every((piece) => piece.stage === 'finished');
}

function heardWhole(reply: Reply): Move {
  const { followedBy, followedByCall, failedBy } = reply;
  const mute = reply.origin === 'answer' && followedBy === undefined && reply.pieces.length === 0;
  const failure = failedBy ?? (mute ? ({ kind: 'llm', code: 'provider_protocol' } as const) : undefined);
  const written = inTurn(recordAsked, recordHeard('whole'));
  // What was ordered from outside is done also where the sentence before it broke off.
  if (followedBy !== undefined && isOrder(followedBy)) return inTurn(written, forgetReply, follow(followedBy));
  if (failure !== undefined) {
    return inTurn(written, act({ type: 'count-turn', outcome: 'failed' }), forgetReply, failureReply(failure));
  }
  if (followedBy !== undefined) return inTurn(written, forgetReply, follow(followedBy, followedByCall));
  const answered = reply.origin === 'answer';
  return inTurn(
    written,
    answered ? inTurn(act({ type: 'count-turn', outcome: 'answered' }), set({ failures: 0 })) : stay,
    forgetReply,
    // What the caller said before a filler is what is to be answered.
    goodbyeOr(reply.origin === 'filler' ? stay : dropStaleOverlap),
  );
}

function stopped(reply: Reply): Move {
  const takenBack = reply.stopping === 'taken_back';
  return inTurn(
    takenBack ? stay : recordAsked,
    recordHeard('interrupted'),
    reply.origin === 'answer' && !takenBack ? act({ type: 'count-turn', outcome: 'interrupted' }) : stay,
    act({ type: 'cancel-timer', name: 'closing' }),
    forgetReply,
    (state, view) =>
      (state.ending === undefined ? goodbyeOr(stay) : follow(state.ending, reply.followedByCall))(state, view),
  );
}

function goodbyeOr(otherwise: Move): Move {
  return (state, view) => {
    if (state.planned === undefined) return otherwise(state, view);
    const { text, end } = state.planned;
    if (text === '') return inTurn(set({ planned: undefined }), follow(end))(state, view);
    return inTurn(set({ planned: undefined }), sayText(text, { origin: 'goodbye', followedBy: end }))(state, view);
  };
}

function recordHeard(how: 'whole' | 'interrupted'): Move {
  return (state, view) => {
    const { reply } = state;
    if (reply === undefined) return [state, []];
    const text = heardOf(reply);
    if (text === '') return [state, []];
    const interrupted = how === 'interrupted';
    return inTurn(
      remember({ role: 'assistant', text, ...(interrupted && { interrupted }) }),
      act({ type: 'record-turn', turn: assistantTurn(state, reply, text, interrupted) }),
    )(state, view);
  };
}

const dropStaleOverlap: Move = (state, view) => {
  const { caller } = state;
  const stale = !caller.speaking && caller.finalsAwaited === 0 && view.nowMs - caller.lastVoicedMs > OVERLAP_KEPT_MS;
  return stale ? setCaller({ ...QUIET_CALLER, digits: caller.digits })(state, view) : [state, []];
};

import type { ConversationEnd } from '../../conversation.js';
import { CLOSING_MS_MAX } from '../../policy/reply.js';
import { act, inTurn, type Move, set, setAnswer, stay } from '../moves.js';
import { sayText } from './answer.js';
import { conclude } from './conclude.js';
import { follow, takesTransfer } from './hand-over.js';
import { stopAnswer } from './turn.js';

/** Endings that do not come out of the dialogue itself. */

/** Ends without another word, once what was heard of the running answer is known. */
export function endNow(end: ConversationEnd): Move {
  return (state, view) => {
    if (state.phase === 'ended') return [state, []];
    if (state.answer === undefined) return conclude(end)(state, view);
    return inTurn(set({ ending: end }), stopAnswer('ended'))(state, view);
  };
}

export function onCallerGone(reason: string): Move {
  return endNow({ by: 'user', reason, failed: false });
}

/** Ordered from outside: what is being said is finished first. */
export function onFinish(reason: string, transferTo?: string): Move {
  return (state, view) => {
    const { answer } = state;
    if (transferTo !== undefined && !takesTransfer(state)) return [state, []];
    const order = { by: 'system', reason, failed: false } as const;
    const end: ConversationEnd = { ...order, ...(transferTo !== undefined && { transferTo }) };
    const speaking = state.phase === 'live' && answer?.heardFromMs !== undefined && answer.stopping === 'no';
    if (answer === undefined || !speaking) {
      return (transferTo === undefined ? endNow(end) : handOverNext(end))(state, view);
    }
    if (!answer.interruptible) return [state, []];
    return inTurn(
      setAnswer({ followedBy: end, followedByCall: undefined, interruptible: false }),
      act({ type: 'set-timer', name: 'closing', delayMs: CLOSING_MS_MAX }),
    )(state, view);
  };
}

/** Without another word, once what was heard of the running answer is known. */
function handOverNext(end: ConversationEnd): Move {
  return (state, view) => {
    const { answer } = state;
    if (answer === undefined) return follow(end)(state, view);
    const stop = answer.stopping === 'no' ? stopAnswer('interrupted') : stay;
    return inTurn(set({ planned: { text: '', end } }), stop)(state, view);
  };
}

/** The longest a call may last. */
export const onCallLimit: Move = (state, view) =>
  goodbye(view.config.limits.callLimitGoodbye, 'call_limit')(state, view);

/** Ordered from outside, by a server that stops: nobody is left on the line without a word. */
export function onGoodbye(reason: string): Move {
  return (state, view) => {
    if (state.phase === 'live') return goodbye(view.config.limits.serverStopGoodbye, reason)(state, view);
    return endNow({ by: 'system', reason, failed: false })(state, view);
  };
}

/** Whatever is being said gives way to a goodbye; then the end. What is the last of the call already goes on. */
function goodbye(text: string, reason: string): Move {
  const end: ConversationEnd = { by: 'system', reason, failed: false };
  return (state, view) => {
    const { answer } = state;
    if (state.handingOver !== undefined) return set({ planned: { text, end } })(state, view);
    if (answer === undefined) return sayText(text, { origin: 'goodbye', followedBy: end })(state, view);
    if (!answer.interruptible) return [state, []];
    return inTurn(set({ planned: { text, end } }), stopAnswer('interrupted'))(state, view);
  };
}

/** The goodbye takes too long: the call ends as it was going to. */
export const onClosingTimeout: Move = (state, view) => {
  const end = state.answer?.followedBy ?? state.ending;
  return end === undefined ? [state, []] : endNow(end)(state, view);
};

import type { ConversationEnd } from '../conversation.js';
import { act, inTurn, type Move, set, stay } from '../moves.js';
import { endWith } from './failure.js';
import { follow, takesTransfer } from './hand-over.js';
import { stopReply } from './interruption.js';
import { CLOSING_MS_MAX, sayText, setReply } from './reply.js';

/** Endings that do not come out of the dialogue itself. */

export function onCallerGone(reason: string): Move {
  return endNow({ by: 'user', reason, failed: false });
}

/** Ends without another word. */
export function endNow(end: ConversationEnd): Move {
  return (state, view) => (state.phase === 'ended' ? [state, []] : endWith(end, state.reply)(state, view));
}

/** Ordered from outside: what is being said is finished first. */
export function onFinish(reason: string, transferTo?: string): Move {
  return (state, view) => {
    const { reply } = state;
    if (transferTo !== undefined && !takesTransfer(state)) return [state, []];
    const end: ConversationEnd = {
      by: 'system',
      reason,
      failed: false,
      ...(transferTo !== undefined && { transferTo }),
    };
    const speaking = state.phase === 'live' && reply !== undefined && reply.heardFromMs !== undefined;
    if (!speaking || reply.paused || reply.stopping !== 'no') {
      return (transferTo === undefined ? endNow(end) : handOverNext(end))(state, view);
    }
    if (!reply.interruptible) return [state, []];
    return inTurn(
      setReply({ followedBy: end, interruptible: false }),
      act({ type: 'set-timer', name: 'closing', delayMs: CLOSING_MS_MAX }),
    )(state, view);
  };
}

/** Without another word, once what was heard of the running reply is known. */
function handOverNext(end: ConversationEnd): Move {
  return (state, view) => {
    const { reply } = state;
    if (reply === undefined) return follow(end)(state, view);
    const stop = reply.stopping === 'no' ? stopReply('interrupted') : stay;
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
    const { reply } = state;
    if (state.handingOver !== undefined) return set({ planned: { text, end } })(state, view);
    if (reply === undefined) return sayText(text, { origin: 'goodbye', followedBy: end })(state, view);
    if (!reply.interruptible) return [state, []];
    return inTurn(set({ planned: { text, end } }), stopReply('interrupted'))(state, view);
  };
}

/** The goodbye takes too long (a voice that hangs): the call ends as it was going to. */
export const onClosingTimeout: Move = (state, view) => {
  const end = state.reply?.followedBy ?? state.ending;
  return end === undefined ? [state, []] : endNow(end)(state, view);
};

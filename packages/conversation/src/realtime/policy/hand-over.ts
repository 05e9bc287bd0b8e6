import type { ConversationEnd, HandOver } from '../../conversation.js';
import { FAILED_IN_A_ROW_MAX, HAND_OVER_MS_MAX } from '../../policy/hand-over.js';
import { act, inTurn, type Move, set, setCaller, stay } from '../moves.js';
import type { Answer, HandingOver, RealtimeState } from '../state.js';
import { beginAnswer, sayText } from './answer.js';
import { conclude } from './conclude.js';

/** Handing the caller over: asked for when what announces it was heard, and where it cannot be done the call goes on. */

/** What follows an answer that is over: the end, and before it, for a transfer, the attempt. `announced`: which said so. */
export function follow(end: ConversationEnd, announced?: Answer): Move {
  const { transferTo } = end;
  if (transferTo === undefined) return conclude(end);
  const byModel = announced?.followedByCall !== undefined;
  const handingOver: HandingOver = {
    ...{ end, target: transferTo, byModel },
    announced: announced && { answer: announced.id, playedMs: announced.piece.playedMs },
  };
  return inTurn(
    set({ handingOver, ending: undefined }),
    act(
      { type: 'cancel-timer', name: 'closing' },
      { type: 'hand-over', target: transferTo },
      { type: 'set-timer', name: 'hand-over', delayMs: HAND_OVER_MS_MAX },
    ),
  );
}

/** Whether a transfer may be ordered now: not while the call is ending, or being handed over already. */
export function takesTransfer({ phase, ending, planned, handingOver, answer }: RealtimeState): boolean {
  if (phase !== 'live' || ending !== undefined || planned !== undefined || handingOver !== undefined) return false;
  return answer === undefined || (answer.interruptible && answer.stopping !== 'ended');
}

export function onHandedOver(result: HandOver): Move {
  return (state, view) => {
    const { handingOver } = state;
    if (handingOver === undefined) return [state, []];
    return inTurn(
      set({ handingOver: undefined }),
      act({ type: 'cancel-timer', name: 'hand-over' }),
      result.ok ? conclude(handingOver.end) : goOn(handingOver, result.reason),
    )(state, view);
  };
}

export const onHandOverTimeout: Move = inTurn(
  act({ type: 'stop-hand-over' }),
  onHandedOver({ ok: false, reason: 'asterisk_unreachable' }),
);

function goOn({ target, byModel, announced }: HandingOver, reason: string): Move {
  return (state, view) => {
    const handOversFailed = state.handOversFailed + 1;
    const { planned } = state;
    const answer =
      planned !== undefined
        ? inTurn(set({ planned: undefined }), sayText(planned.text, { origin: 'goodbye', followedBy: planned.end }))
        : byModel && handOversFailed < FAILED_IN_A_ROW_MAX
          ? answerAnew(`[the caller could not be handed over to ${target}: ${reason}]`)
          : sayText(view.config.transfer.failed, { origin: 'say' });
    return inTurn(
      set({ handOversFailed }),
      // Keys that nobody took are no answer any more.
      setCaller({ digits: '' }),
      // The model waits for a result that it is not given: what it announced is over.
      announced === undefined ? stay : act({ type: 'truncate', ...announced }),
      answer,
    )(state, view);
  };
}

function answerAnew(text: string): Move {
  return inTurn(
    act({ type: 'tell', text }),
    beginAnswer({ origin: 'answer' }, (answer) => act({ type: 'ask', answer })),
  );
}

import type { ChatMessage, ToolCall } from '@rapida/core';
import type { ConversationEnd, HandOver } from '../conversation.js';
import { act, inTurn, type Move, set, setCaller, stay } from '../moves.js';
import type { HandingOver, State } from '../state.js';
import { think } from './answer.js';
import { conclude } from './conclude.js';
import { newReply, remember, sayText } from './reply.js';

/** Handing the caller over: asked for when what announces it was heard, and where it cannot be done the call goes on. */

/** Whoever hands over bounds its own waits with less; this is the net under them. The caller hears nothing meanwhile. */
export const HAND_OVER_MS_MAX = 6_000;
/** From this one on, without a word of the caller in between, the model is not asked what to do: it might try for ever. */
export const FAILED_IN_A_ROW_MAX = 2;

/** What follows a reply that is over: the end, and before it, for a transfer, the attempt. `call`: how the model wanted it. */
export function follow(end: ConversationEnd, call?: ToolCall): Move {
  const { transferTo } = end;
  return transferTo === undefined ? conclude(end) : handOver({ end, target: transferTo, call });
}

function handOver(handingOver: HandingOver): Move {
  return inTurn(
    set({ handingOver, ending: undefined }),
    act(
      { type: 'cancel-timer', name: 'closing' },
      { type: 'hand-over', target: handingOver.target },
      { type: 'set-timer', name: 'hand-over', delayMs: HAND_OVER_MS_MAX },
    ),
  );
}

/** Whether a transfer may be ordered now: not while the call is ending, or being handed over already. */
export function takesTransfer({ phase, ending, planned, handingOver, reply }: State): boolean {
  if (phase !== 'live' || ending !== undefined || planned !== undefined || handingOver !== undefined) return false;
  return reply === undefined || (reply.interruptible && reply.stopping !== 'ended');
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

function goOn({ target, call }: HandingOver, reason: string): Move {
  return (state, view) => {
    const handOversFailed = state.handOversFailed + 1;
    const { planned } = state;
    // The rule-based model has no words for it.
    const canTell = call !== undefined && view.config.llm.provider !== 'local';
    const answer =
      planned !== undefined
        ? inTurn(set({ planned: undefined }), sayText(planned.text, { origin: 'goodbye', followedBy: planned.end }))
        : canTell && handOversFailed < FAILED_IN_A_ROW_MAX
          ? answerAnew
          : sayText(view.config.transfer.failed, { origin: 'say' });
    return inTurn(
      set({ handOversFailed }),
      // Keys that nobody took are no answer any more.
      setCaller({ digits: '' }),
      call === undefined
        ? stay
        : remember(...toldAs(call, `error: ${reason}: the caller could not be handed to ${target}`)),
      answer,
    )(state, view);
  };
}

function toldAs(call: ToolCall, result: string): readonly ChatMessage[] {
  return [
    { role: 'assistant', text: '', toolCalls: [call] },
    { role: 'tool', callId: call.id, name: call.name, result },
  ];
}

const answerAnew: Move = inTurn(
  (state, view) => [
    { ...state, reply: newReply(state, view, { origin: 'answer' }), nextReply: state.nextReply + 1 },
    [],
  ],
  think('answering'),
);

import type { ConversationEnd } from '@rapida/conversation';
import type { CallMetric, DisconnectedBy, ErrorCode, JsonObject, MediaClosed } from '@rapida/core';
import type { LifecycleInput } from './lifecycle.js';

/** What ended a call first; whatever follows is only its echo. */
export type FirstEnd =
  | { readonly kind: 'media'; readonly closed: MediaClosed }
  | { readonly kind: 'conversation'; readonly end: ConversationEnd }
  | { readonly kind: 'ordered'; readonly order: EndOrder };

/** An end that came neither from the caller nor from the conversation: a shutdown, an expired lease, engines that failed. */
export interface EndOrder {
  /** A stable word for the record. */
  readonly reason: string;
  readonly failed: boolean;
  /** Which error it was, for the call's last event. */
  readonly code?: ErrorCode;
}

/** How a call ended, as it stands in its record. */
export interface CallOutcome {
  readonly ending: Extract<
    LifecycleInput,
    'complete' | 'fail' | 'drop' | 'expire' | 'no_answer' | 'busy' | 'reject' | 'cancel'
  >;
  readonly disconnectedBy: DisconnectedBy;
  readonly reason: string;
  readonly transferTo?: string;
  readonly code?: ErrorCode;
  /** For the operator: what exactly was wrong. */
  readonly detail?: string;
}

export function outcomeOf(first: FirstEnd): CallOutcome {
  switch (first.kind) {
    case 'media':
      return ofMedia(first.closed);
    case 'conversation':
      return ofConversation(first.end);
    case 'ordered': {
      const { reason, failed, code } = first.order;
      return { ending: failed ? 'fail' : 'complete', disconnectedBy: 'system', reason, ...(code && { code }) };
    }
  }
}

function ofMedia({ by, reason }: MediaClosed): CallOutcome {
  if (by === 'caller') return { ending: 'complete', disconnectedBy: 'user', reason };
  // `assistant` here means that our side closed the leg without this call having asked for it.
  return { ending: by === 'fault' ? 'fail' : 'complete', disconnectedBy: 'system', reason };
}

function ofConversation({ by, reason, failed, transferTo }: ConversationEnd): CallOutcome {
  return {
    ending: failed ? 'fail' : 'complete',
    disconnectedBy: by,
    reason,
    ...(transferTo !== undefined && { transferTo }),
  };
}

/** An order that arises where something was thrown: the code is kept, the words of the error go to the log only. */
export function failureOrder(reason: string, code: ErrorCode): EndOrder {
  return { reason, failed: true, code };
}

/** The last event of a call. Its name follows the state: everything that did not complete has failed. */
export function endEvent(outcome: CallOutcome): { readonly type: string; readonly data: JsonObject } {
  const { disconnectedBy, reason, code, detail } = outcome;
  return {
    type: outcome.ending === 'complete' ? 'call.ended' : 'call.failed',
    data: { disconnectedBy, reason, ...(code && { code }), ...(detail && { detail }) },
  };
}

/** `talkMs` is what both sides said; `durationMs` is undefined for a call that never had media. */
export function endMetrics(
  outcome: CallOutcome,
  durationMs: number | undefined,
  talkMs: number,
): readonly CallMetric[] {
  const times =
    durationMs === undefined
      ? []
      : [
          { name: 'call.duration', value: toSeconds(durationMs) },
          { name: 'call.talk_duration', value: toSeconds(talkMs) },
        ];
  return [
    ...times,
    { name: 'call.status', value: STATUS[outcome.ending] ?? 'failed' },
    { name: 'call.disconnected_by', value: outcome.disconnectedBy },
  ];
}

const STATUS: Readonly<Partial<Record<CallOutcome['ending'], string>>> = {
  complete: 'completed',
  no_answer: 'no_answer',
};

function toSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}

import type { ConversationEnd } from '../conversation.js';
import { act, inTurn, type Move, set, setCaller, stay } from '../moves.js';
import { type Failure, QUIET_CALLER, type Reply } from '../state.js';
import { conclude } from './conclude.js';
import { resumeReply, stopReply } from './interruption.js';
import { endOfPieces, sayText, setReply } from './reply.js';

/** A provider has failed: the caller hears a sentence about it and the call goes on or ends. Never dead air. */

/** This many failures without an answer in between end the call, whatever the configuration says. */
const FAILURES_IN_A_ROW_MAX = 2;

/**
 * Beyond the time of a provider, before the conversation itself gives it up. A chain of engines keeps the same time, knows who failed, and is to
 * say so first.
 */
export const NET_MS = 500;

export function onFailed(kind: Failure['kind'], reply: number, code: string): Move {
  return (state, view) => {
    if (state.phase !== 'live') return [state, []];
    if (kind !== 'stt' && state.reply?.id !== reply) return [state, []];
    const failure: Failure = { kind, code };
    const handle =
      kind === 'stt' ? recogniserFailed(failure) : kind === 'llm' ? modelFailed(failure) : voiceFailed(failure);
    return inTurn(act({ type: 'report-failure', failure }), handle)(state, view);
  };
}

function recogniserFailed(failure: Failure): Move {
  return (state, view) => {
    const { reply, caller } = state;
    const deaf = inTurn(
      act({ type: 'reopen-ears' }, { type: 'cancel-timer', name: 'stt' }, { type: 'cancel-timer', name: 'endpoint' }),
      set({
        caller: { ...QUIET_CALLER, lastVoicedMs: caller.lastVoicedMs, digits: caller.digits },
        fillersBefore: 0,
      }),
    );
    if (
      state.ending !== undefined ||
      state.handingOver !== undefined ||
      (reply !== undefined && reply.stopping !== 'no')
    )
      return deaf(state, view);
    if (reply === undefined) return inTurn(deaf, failureReply(failure))(state, view);
    return inTurn(deaf, setReply({ failedBy: reply.failedBy ?? failure }), resumeReply)(state, view);
  };
}

function modelFailed(failure: Failure): Move {
  return (state, view) => {
    const { reply } = state;
    if (reply === undefined || reply.stopping !== 'no' || reply.model !== 'running') return [state, []];
    const heardSome = reply.pieces.length > 0;
    const ordered = reply.followedBy !== undefined && isOrder(reply.followedBy);
    const followedBy = ordered ? reply.followedBy : undefined;
    return inTurn(
      setReply({ model: 'idle', unspoken: '', tools: [], followedBy, failedBy: failure }),
      act({ type: 'stop-tools' }),
      ordered ? stay : act({ type: 'cancel-timer', name: 'closing' }),
      heardSome ? endOfPieces : stay,
    )(state, view);
  };
}

function voiceFailed(failure: Failure): Move {
  return (state, view) => {
    const { reply } = state;
    if (reply === undefined || reply.stopping !== 'no') return [state, []];
    if (reply.voice === 'spare' || state.ending !== undefined) return endWith(PROVIDER_FAILED, reply)(state, view);
    const pieces = reply.pieces.filter((piece) => piece.stage !== 'waiting');
    return inTurn(
      setReply({ model: 'idle', unspoken: '', tools: [], pieces, paused: false, failedBy: failure }),
      act(
        { type: 'stop-thinking' },
        { type: 'stop-tools' },
        reply.paused ? { type: 'cut-voice' } : { type: 'resume-voice' },
      ),
    )(state, view);
  };
}

/** An end that was ordered from outside, or by the clock, and not by the dialogue. */
export function isOrder({ by, failed }: ConversationEnd): boolean {
  return by === 'system' && !failed;
}

const PROVIDER_FAILED: ConversationEnd = { by: 'system', reason: 'provider_failed', failed: true };

/** Ends without another word, once what was heard of the running reply is known. */
export function endWith(end: ConversationEnd, reply: Reply | undefined): Move {
  return reply === undefined ? conclude(end) : inTurn(set({ ending: end }), stopReply('ended'));
}

/**
 * The sentence about the failure, in the spare voice where the voice itself has failed. After a silence as well: what has
 * kept one provider silent often keeps the others silent, and the caller has waited for long enough.
 */
export function failureReply(failure: Failure): Move {
  return (state, view) => {
    const failures = state.failures + 1;
    const last = failures >= FAILURES_IN_A_ROW_MAX || view.config.failure.afterwards === 'end';
    return inTurn(
      set({ failures }),
      setCaller({ texts: [], rejected: false }),
      sayText(view.config.failure.say, {
        origin: 'failure',
        voice: failure.kind === 'tts' || failure.code === 'provider_timeout' ? 'spare' : 'main',
        ...(last && { followedBy: PROVIDER_FAILED }),
      }),
    )(state, view);
  };
}

import type { ConversationEnd } from '../../conversation.js';
import { act, inTurn, type Move, set, setAnswer, setCaller, stay } from '../moves.js';
import type { Answer, RealtimeFailure, RealtimeState } from '../state.js';
import { complete, sayText } from './answer.js';
import { endNow } from './ending.js';
import { remembered } from './transcript.js';

/** The model or a voice has failed: the caller hears a sentence about it and the call goes on or ends. Never dead air. */

/** This many failures without an answer in between end the call, whatever the configuration says. */
export const FAILURES_IN_A_ROW_MAX = 2;

/**
 * The session is lost: another takes its place and is told what was said. Where nobody waited for anything, nothing is said
 * about it; a fixed text that was not heard yet is said by the local voice.
 */
export function onSessionFailed(code: string): Move {
  return (state, view) => {
    if (state.phase !== 'live' || state.ending !== undefined) return [state, []];
    const failure: RealtimeFailure = { kind: 'realtime', code };
    const isLast = state.failures + 1 >= FAILURES_IN_A_ROW_MAX;
    return inTurn(
      act({ type: 'report-failure', failure }),
      isLast ? stay : act({ type: 'open-session', history: remembered(state) }),
      // Whoever is in the middle of a sentence has said it to nobody.
      setCaller({ turn: undefined, text: '', understood: false }),
      afterLoss(state, failure, isLast),
    )(state, view);
  };
}

function afterLoss(before: RealtimeState, failure: RealtimeFailure, isLast: boolean): Move {
  const { answer, caller, failures, handingOver } = before;
  const counted = set({ failures: failures + 1 });
  if (handingOver !== undefined) return counted;
  if (answer === undefined) return caller.turn !== undefined || isLast ? failureAnswer : counted;
  if (answer.stopping !== 'no') return counted;
  if (answer.voice === 'model' && answer.model !== 'idle') return answerLost(answer, failure);
  return isLast ? inTurn(counted, setAnswer({ failedBy: answer.failedBy ?? failure })) : counted;
}

function answerLost(answer: Answer, failure: RealtimeFailure): Move {
  const { wanted, origin, followedBy, piece, held } = answer;
  if (wanted !== '' && piece.soundMs === 0) {
    const plan = { origin, voice: 'local', ...(followedBy !== undefined && { followedBy }) } as const;
    return inTurn(
      (state) => [{ ...state, failures: state.failures + 1 }, []],
      held ? act({ type: 'resume-voice' }) : stay,
      sayText(wanted, plan),
    );
  }
  return inTurn(
    // What was ordered from outside is done also where the sentence before it broke off.
    followedBy?.by === 'system'
      ? setAnswer({ failedBy: failure, held: false, tools: [] })
      : inTurn(
          setAnswer({ failedBy: failure, followedBy: undefined, held: false, tools: [] }),
          act({ type: 'cancel-timer', name: 'closing' }),
        ),
    act({ type: 'stop-tools' }),
    held ? act({ type: 'resume-voice' }) : stay,
    complete,
  );
}

/** The model owes an answer and has been silent for too long: a session that hangs is of no use any more. */
export const onModelTimeout: Move = (state, view) => {
  const { answer } = state;
  const owes = answer?.model === 'running' && answer.stopping === 'no';
  return owes ? onSessionFailed('provider_timeout')(state, view) : [state, []];
};

/** There is no other voice to say that the voice has failed. */
export function onVoiceFailed(id: number, code: string): Move {
  return (state, view) => {
    const { answer } = state;
    if (state.phase !== 'live' || answer?.id !== id || answer.stopping !== 'no') return [state, []];
    const failure: RealtimeFailure = { kind: 'tts', code };
    const end = answer.followedBy ?? state.ending ?? PROVIDER_FAILED;
    return inTurn(act({ type: 'report-failure', failure }), endNow(end))(state, view);
  };
}

const PROVIDER_FAILED: ConversationEnd = { by: 'system', reason: 'provider_failed', failed: true };

/** The sentence about the failure, and what follows it. */
export const failureAnswer: Move = (state, view) => {
  const failures = state.failures + 1;
  const last = failures >= FAILURES_IN_A_ROW_MAX || view.config.failure.afterwards === 'end';
  const plan = { origin: 'failure', voice: 'local', ...(last && { followedBy: PROVIDER_FAILED }) } as const;
  return inTurn(set({ failures }), sayText(view.config.failure.say, plan))(state, view);
};

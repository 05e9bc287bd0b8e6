import { heardText, unheardText } from '../../heard.js';
import { act, inTurn, type Move, set, stay } from '../moves.js';
import type { Answer, RealtimeState } from '../state.js';
import { metricsOf, sayText } from './answer.js';
import { failureAnswer } from './failure.js';
import { follow } from './hand-over.js';
import { answerOwed } from './resumption.js';
import { addEntry } from './transcript.js';

/** How an answer ends: heard whole, or stopped. Nothing else may set `answer` to undefined. */

/** Looks whether the running answer is over. Runs after every event, whatever may have ended it. */
export const settleAnswer: Move = (state, view) => {
  const { answer } = state;
  if (answer === undefined) return [state, []];
  if (answer.stopping !== 'no') return answer.piece.stage === 'playing' ? [state, []] : stopped(answer)(state, view);
  const isOver = !answer.held && answer.model === 'idle' && answer.piece.stage === 'finished';
  return isOver ? heardWhole(answer)(state, view) : [state, []];
};

const forgetAnswer: Move = inTurn(set({ answer: undefined }), act({ type: 'cancel-timer', name: 'model' }));

function heardWhole(answer: Answer): Move {
  const { followedBy, failedBy, origin, piece } = answer;
  const written = recordHeard(answer, 'whole');
  if (followedBy !== undefined) return inTurn(written, forgetAnswer, follow(followedBy, answer));
  const ofTurn = origin === 'answer';
  if (failedBy !== undefined) {
    const counted = ofTurn ? act({ type: 'count-turn', outcome: 'failed' }) : stay;
    return inTurn(written, counted, forgetAnswer, failureAnswer);
  }
  // A model may choose not to answer what it takes for a noise: that is an answer too, and silence is minded elsewhere.
  const outcome = piece.soundMs > 0 ? 'answered' : 'rejected';
  return inTurn(
    written,
    ofTurn ? inTurn(act({ type: 'count-turn', outcome }), set({ failures: 0 })) : stay,
    forgetAnswer,
    goodbyeOr(answer.origin === 'resumption' ? answerOwed : stay),
  );
}

function stopped(answer: Answer): Move {
  const { id, voice, piece, origin, stopping } = answer;
  const ofTurn = origin === 'answer' && stopping !== 'taken_back';
  return inTurn(
    voice === 'model' ? act({ type: 'truncate', answer: id, playedMs: piece.playedMs }) : stay,
    recordHeard(answer, 'interrupted'),
    ofTurn ? act({ type: 'count-turn', outcome: 'interrupted' }) : stay,
    act({ type: 'cancel-timer', name: 'closing' }),
    forgetAnswer,
    (state, view) => (state.ending === undefined ? goodbyeOr(stay) : follow(state.ending))(state, view),
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

/** What the caller heard goes into the transcript, and to the model where it does not come from there. */
function recordHeard(answer: Answer, how: 'whole' | 'interrupted'): Move {
  return (state, view) => {
    const text = heardText(answer.piece).trim();
    if (text === '') return [state, []];
    return inTurn(
      addEntry({ role: 'assistant', turn: turnOf(state, answer, text, how === 'interrupted') }),
      answer.voice === 'local' ? act({ type: 'remember', text }) : stay,
    )(state, view);
  };
}

function turnOf(state: RealtimeState, answer: Answer, text: string, interrupted: boolean) {
  const startMs = Math.max(0, (answer.heardFromMs ?? answer.heardToMs) - state.startedMs);
  const endMs = Math.max(startMs, answer.heardToMs - state.startedMs);
  const span = { startMs: Math.round(startMs), endMs: Math.round(endMs) };
  const unheard = interrupted ? unheardText([answer.piece]) : '';
  const metrics = metricsOf(answer);
  return { role: 'assistant', text, ...span, interrupted, ...(unheard !== '' && { unheard }), metrics } as const;
}

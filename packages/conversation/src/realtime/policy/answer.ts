import type { TurnMetrics } from '@rapida/core';
import { takePieces } from '../../chunker.js';
import type { ConversationEnd } from '../../conversation.js';
import { CLOSING_MS_MAX, waitingPiece } from '../../policy/reply.js';
import { act, inTurn, type Move, set, setAnswer, setPiece, stay, type View } from '../moves.js';
import type { Answer, AnswerOrigin, RealtimeState } from '../state.js';

/** Beginning an answer, and what the model says becoming speech. How answers end is in `closing.ts`. */

export interface AnswerPlan {
  readonly origin: AnswerOrigin;
  readonly voice?: 'model' | 'local';
  readonly wanted?: string;
  readonly followedBy?: ConversationEnd;
  readonly askedByMs?: number;
}

export function newAnswer(state: RealtimeState, view: View, plan: AnswerPlan): Answer {
  const { origin, voice = 'model', wanted = '', followedBy, askedByMs } = plan;
  return {
    ...{ id: state.nextAnswer, origin, voice, wanted, followedBy, askedByMs },
    interruptible: followedBy === undefined,
    model: voice === 'model' ? 'running' : 'idle',
    rounds: 0,
    tools: [],
    toolsCalled: [],
    followedByCall: undefined,
    piece: waitingPiece(state.nextAnswer, voice === 'local' ? wanted : ''),
    unshown: '',
    held: false,
    stopping: 'no',
    failedBy: undefined,
    askedMs: view.nowMs,
    firstMs: undefined,
    heardFromMs: undefined,
    heardToMs: view.nowMs,
  };
}

/** The next answer, and what the shell has to do for it. */
export function beginAnswer(plan: AnswerPlan, request: (id: number) => Move): Move {
  return (state, view) => {
    const answer = newAnswer(state, view, plan);
    return inTurn(
      set({ answer, nextAnswer: answer.id + 1 }),
      request(answer.id),
      answer.voice === 'model'
        ? patience
        : act({ type: 'live', event: { type: 'assistant_saying', text: plan.wanted ?? '' } }),
      plan.followedBy === undefined ? stay : act({ type: 'set-timer', name: 'closing', delayMs: CLOSING_MS_MAX }),
    )(state, view);
  };
}

/** Says a fixed text. */
export function sayText(text: string, plan: AnswerPlan): Move {
  return beginAnswer({ ...plan, wanted: text }, (answer) =>
    act(plan.voice === 'local' ? { type: 'speak', answer, text } : { type: 'ask-to-say', answer, text }),
  );
}

/** The model owes something: nothing for too long is a failure. */
export const patience: Move = (state, view) => [
  state,
  [{ type: 'set-timer', name: 'model', delayMs: view.config.limits.providerMs }],
];

/** The answer an event of the model belongs to, if it is still wanted. */
export function listening(state: RealtimeState, id: number): Answer | undefined {
  const { answer } = state;
  return answer?.id === id && answer.model === 'running' && answer.stopping === 'no' ? answer : undefined;
}

export function onText(id: number, text: string): Move {
  return (state, view) => {
    const answer = listening(state, id);
    if (answer === undefined) return [state, []];
    const { pieces, rest } = takePieces(answer.unshown + text, 'later');
    return inTurn(
      setPiece({ text: answer.piece.text + text }),
      setAnswer({ unshown: rest, firstMs: answer.firstMs ?? view.nowMs }),
      show(pieces),
      patience,
    )(state, view);
  };
}

export function onDone(id: number, awaits: 'nothing' | 'tools'): Move {
  return (state, view) => {
    const answer = listening(state, id);
    if (answer === undefined) return [state, []];
    // What is done instead of a result ends the conversation; whatever else was called is told its result, and the answer goes on.
    if (awaits === 'nothing' || answer.followedBy !== undefined) return complete(state, view);
    if (answer.rounds >= view.config.tools.roundsMax) return giveUp(id)(state, view);
    const model = answer.tools.length > 0 ? 'tools' : 'running';
    const said = answer.piece.text.trimEnd();
    return inTurn(
      setAnswer({ model, rounds: answer.rounds + 1, unshown: '' }),
      show([answer.unshown.trim()]),
      // What follows the result is another sentence.
      setPiece({ text: said === '' ? '' : `${said} ` }),
      // A tool bounds itself.
      model === 'tools' ? act({ type: 'cancel-timer', name: 'model' }) : patience,
    )(state, view);
  };
}

/** A model that only ever calls tools is stopped here. */
function giveUp(id: number): Move {
  const failedBy = { kind: 'realtime', code: 'provider_protocol' } as const;
  return inTurn(
    cutOff(id),
    act({ type: 'report-failure', failure: failedBy }, { type: 'stop-tools' }),
    setAnswer({ failedBy, tools: [] }),
    (state, view) => complete(state, view),
  );
}

function cutOff(id: number): Move {
  return (state) => [state, [{ type: 'truncate', answer: id, playedMs: state.answer?.piece.soundMs ?? 0 }]];
}

/** It is cut off where it stands, at the model too. */
export function onTooLong(id: number): Move {
  return (state, view) => {
    const answer = listening(state, id);
    if (answer === undefined) return [state, []];
    return inTurn(cutOff(id), complete)(state, view);
  };
}

/** Nothing more comes of the answer: what there is of it is played to its end. */
export const complete: Move = (state, view) => {
  const { answer } = state;
  if (answer === undefined) return [state, []];
  const { piece } = answer;
  return inTurn(
    setAnswer({ model: 'idle', unshown: '' }),
    setPiece({ text: piece.text.trim(), synthesised: true, ...(piece.soundMs === 0 && { stage: 'finished' }) }),
    show([answer.unshown.trim()]),
    act({ type: 'cancel-timer', name: 'model' }, { type: 'end-sound', answer: answer.id }),
  )(state, view);
};

function show(texts: readonly string[]): Move {
  return act(
    ...texts
      .filter((text) => text !== '')
      .map((text) => ({ type: 'live', event: { type: 'assistant_saying', text } }) as const),
  );
}

/** There is sound of it: the first, more, or (of a voice) all of it. */
export function onSound(id: number, soundMs: number, isComplete: boolean): Move {
  return (state, view) => {
    const { answer } = state;
    if (answer?.id !== id || answer.piece.stage === 'finished') return [state, []];
    const stage = soundMs > 0 ? 'playing' : isComplete ? 'finished' : 'waiting';
    return inTurn(
      setPiece({ soundMs, stage, synthesised: answer.piece.synthesised || isComplete }),
      setAnswer({ firstMs: answer.firstMs ?? view.nowMs }),
      answer.model === 'running' && answer.stopping === 'no' ? patience : stay,
    )(state, view);
  };
}

export function onUtteranceStarted(id: number): Move {
  return (state, view) => {
    const { answer } = state;
    if (answer?.id !== id || answer.heardFromMs !== undefined) return [state, []];
    const heard = { ...answer, heardFromMs: view.nowMs };
    return act({ type: 'measure', metrics: metricsOf(heard) })({ ...state, answer: heard }, view);
  };
}

export function onUtteranceFinished(id: number, playedMs: number, cut: boolean): Move {
  return (state, view) =>
    state.answer?.id === id
      ? inTurn(
          setPiece({ stage: 'finished', playedMs, cut }),
          playedMs > 0 ? setAnswer({ heardToMs: view.nowMs }) : stay,
        )(state, view)
      : [state, []];
}

export function metricsOf(answer: Answer): TurnMetrics {
  const { origin, firstMs, askedMs, heardFromMs, askedByMs } = answer;
  if (origin !== 'answer') return {};
  return {
    ...(firstMs !== undefined && { llm_ttft_ms: Math.round(firstMs - askedMs) }),
    ...(heardFromMs !== undefined &&
      askedByMs !== undefined && { response_latency_ms: Math.round(heardFromMs - askedByMs) }),
  };
}

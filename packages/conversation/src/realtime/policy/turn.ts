import type { TurnMetrics } from '@rapida/core';
import { act, inTurn, type Move, setAnswer, setCaller, stay, when } from '../moves.js';
import { type Answer, type Entry, QUIET, type RealtimeState } from '../state.js';
import { beginAnswer } from './answer.js';
import { isCommitted } from './tools.js';
import { addEntry } from './transcript.js';

/**
 * The caller's turn, and their speaking over the assistant. Speech of `turn.interruptAfterMs` stops an answer for good: the model
 * is told what of it was heard. It cannot go on from the middle of a sentence, so nothing is resumed here - but what has not begun
 * to sound is only held back until it is known whether that was speech.
 */

function canStop(state: RealtimeState): state is RealtimeState & { readonly answer: Answer } {
  const { answer } = state;
  return answer?.interruptible === true && answer.stopping === 'no' && !isCommitted(answer);
}

export const onSpeechStart = (startMs: number): Move =>
  inTurn(
    (state) => [
      {
        ...state,
        caller: {
          ...state.caller,
          speaking: true,
          startMs: state.caller.turn === undefined && state.caller.digits === '' ? startMs : state.caller.startMs,
        },
      },
      [],
    ],
    act({ type: 'cancel-timer', name: 'endpoint' }),
    when(
      (state) => canStop(state) && state.answer.heardFromMs === undefined && !state.answer.held,
      inTurn(setAnswer({ held: true }), act({ type: 'hold-voice' })),
    ),
  );

export const onSustainedSpeech: Move = (state, view) => {
  if (!canStop(state)) return [state, []];
  if (state.answer.heardFromMs === undefined) return stopAnswer('taken_back')(state, view);
  return interrupt(state, view);
};

export const interrupt: Move = (state, view) => {
  const heard = state.answer?.heardFromMs !== undefined;
  return inTurn(
    heard
      ? act(
          { type: 'count-interruption', outcome: 'confirmed' },
          { type: 'live', event: { type: 'assistant_interrupted' } },
        )
      : stay,
    stopAnswer('interrupted'),
  )(state, view);
};

/** Cuts the running answer; it closes when the playout has reported what was heard of it. */
export function stopAnswer(how: Exclude<Answer['stopping'], 'no'>): Move {
  return inTurn(
    setAnswer({ stopping: how, held: false, model: 'idle', followedBy: undefined, tools: [] }),
    act({ type: 'cancel-timer', name: 'model' }, { type: 'stop-tools' }, { type: 'cut-voice' }),
  );
}

export const onSpeechEnd = (lastVoicedMs: number): Move => setCaller({ speaking: false, lastVoicedMs });

/** Decides whose turn it is. Runs after every event, so it changes nothing where nothing changed. */
export const considerTurn: Move = (state, view) => {
  const { caller, answer } = state;
  if (state.phase !== 'live' || state.ending !== undefined || state.handingOver !== undefined) return [state, []];
  if (caller.speaking) return answer === undefined && caller.turn === undefined ? openTurn(state, view) : [state, []];
  if (answer?.held === true) return release(state, view);
  if (answer !== undefined || caller.turn === undefined) return [state, []];
  const judgement = view.detector.judge({
    text: caller.text.trim(),
    rejected: false,
    silenceMs: view.nowMs - caller.lastVoicedMs,
    expected: [],
    lastAssistantText: state.history.findLast((message) => message.role === 'assistant')?.text ?? '',
  });
  if (judgement.verdict === 'commit') return commitTurn(state, view);
  return [state, [{ type: 'set-timer', name: 'endpoint', delayMs: judgement.againInMs }]];
};

const release: Move = inTurn(setAnswer({ held: false }), act({ type: 'resume-voice' }));

/** Also where the caller had begun to speak before the assistant was silent. */
const openTurn: Move = (state) => [
  { ...state, caller: { ...state.caller, turn: state.nextTurn }, nextTurn: state.nextTurn + 1 },
  [{ type: 'begin-turn', turn: state.nextTurn }],
];

const commitTurn: Move = (state, view) => {
  const metrics: TurnMetrics = { eos_latency_ms: Math.round(view.nowMs - state.caller.lastVoicedMs) };
  return inTurn(act({ type: 'measure', metrics }), commit(metrics))(state, view);
};

/** Hands what the caller said, or typed, to the model. */
export function commit(metrics: TurnMetrics): Move {
  return (state, view) => {
    const { turn, text, understood, digits, startMs, lastVoicedMs } = state.caller;
    const span = {
      startMs: Math.round(startMs - state.startedMs),
      endMs: Math.round(Math.max(startMs, lastVoicedMs) - state.startedMs),
    };
    const final = turn === undefined || understood;
    const entry: Entry = { role: 'user', turn, text, keys: digits, final, ...span, metrics };
    return inTurn(
      addEntry(entry),
      (s) => [
        {
          ...s,
          caller: { ...QUIET, lastVoicedMs, speaking: s.caller.speaking },
          silencePrompts: 0,
          handOversFailed: 0,
        },
        [],
      ],
      act({ type: 'cancel-timer', name: 'endpoint' }, { type: 'cancel-timer', name: 'dtmf' }),
      final ? stay : act({ type: 'set-timer', name: 'transcript', delayMs: view.config.limits.providerMs }),
      digits === '' ? stay : act({ type: 'tell', text: `[keys] ${digits}` }),
      beginAnswer({ origin: 'answer', askedByMs: lastVoicedMs }, (answer) => act({ type: 'ask', answer })),
    )(state, view);
  };
}

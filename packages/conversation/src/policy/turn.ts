import type { TurnMetrics } from '@rapida/core';
import { act, inTurn, type Move, set, when } from '../moves.js';
import { type Asked, QUIET_CALLER, type State } from '../state.js';
import { think } from './answer.js';
import { NET_MS } from './failure.js';
import { confirmInterruption, waitToResume } from './interruption.js';
import { newReply, remember } from './reply.js';
import { canTakeBack, hold, release, takeBack } from './take-back.js';

/** The caller's turn: when it is over, and what becomes of it. */

/** Not understood and shorter than this: a noise, not words. Coughs and door slams measured 150-500 ms of voiced frames. */
export const REJECTED_SPEECH_MS_MIN = 600;

export function hasWords(state: State): boolean {
  return state.caller.texts.length > 0 || state.caller.rejected;
}

export const onSpeechStart = (startMs: number): Move =>
  inTurn(
    (state) => [
      { ...state, caller: { ...state.caller, speaking: true, voicedMs: 0, startMs: state.caller.startMs ?? startMs } },
      [],
    ],
    act({ type: 'cancel-timer', name: 'endpoint' }, { type: 'cancel-timer', name: 'resume' }),
    when(canTakeBack, hold),
  );

export const onSpeechEnd = (lastVoicedMs: number, voicedMs: number): Move =>
  inTurn((state, view) => {
    const finalsAwaited = state.caller.finalsAwaited + 1;
    const caller = {
      ...state.caller,
      speaking: false,
      lastVoicedMs,
      voicedMs,
      finalsAwaited,
      segmentEndMs: view.nowMs,
    };
    return [
      { ...state, caller },
      [{ type: 'set-timer', name: 'stt', delayMs: view.config.limits.providerMs + NET_MS }],
    ];
  });

/** A final has come for the oldest segment that waited for one. */
export function onFinal(text: string, rejected: boolean): Move {
  return inTurn(
    (state, view) => {
      const { caller, reply } = state;
      const finalsAwaited = Math.max(0, caller.finalsAwaited - 1);
      const strange = rejected && caller.voicedMs >= REJECTED_SPEECH_MS_MIN && (reply === undefined || reply.paused);
      const texts = text === '' ? caller.texts : [...caller.texts, text];
      const sttLatencyMs = view.nowMs - caller.segmentEndMs;
      const heard = { ...caller, finalsAwaited, texts, rejected: caller.rejected || strange, sttLatencyMs };
      return [{ ...state, caller: heard }, finalsAwaited === 0 ? [{ type: 'cancel-timer', name: 'stt' }] : []];
    },
    act({ type: 'live', event: { type: 'caller_said', text, rejected } }),
    when((state) => text !== '' && canTakeBack(state), takeBack),
  );
}

/** Decides whether the assistant may speak now. Runs after every event, so it changes nothing where nothing changed. */
export const considerTurn: Move = (state, view) => {
  const { caller, reply } = state;
  if (state.phase !== 'live' || state.ending !== undefined || state.handingOver !== undefined) return [state, []];
  if (caller.speaking || caller.finalsAwaited > 0) return [state, []];
  if (reply !== undefined) {
    if (reply.held) return release(state, view);
    if (!reply.paused || reply.stopping !== 'no') return [state, []];
    return (hasWords(state) ? confirmInterruption : waitToResume)(state, view);
  }
  if (!hasWords(state))
    return caller.startMs === undefined || caller.digits !== '' ? [state, []] : [nothingSaid(state), []];
  const judgement = view.detector.judge({
    text: caller.texts.join(' '),
    rejected: caller.rejected,
    silenceMs: view.nowMs - caller.lastVoicedMs,
    expected: view.expectations(state.memo).phrases,
    lastAssistantText: lastAssistantText(state),
  });
  if (judgement.verdict === 'commit') return commitSpeech(state, view);
  return [state, [{ type: 'set-timer', name: 'endpoint', delayMs: judgement.againInMs }]];
};

function nothingSaid(state: State): State {
  return { ...state, caller: { ...state.caller, startMs: undefined }, fillersBefore: 0 };
}

function lastAssistantText(state: State): string {
  return state.history.findLast((message) => message.role === 'assistant')?.text ?? '';
}

const commitSpeech: Move = (state, view) => {
  const { caller } = state;
  const text = caller.texts.join(' ');
  const message: Asked['message'] = text === '' ? { role: 'user', text, rejected: true } : { role: 'user', text };
  const metrics: TurnMetrics = {
    ...(caller.sttLatencyMs !== undefined && { stt_latency_ms: Math.round(caller.sttLatencyMs) }),
    eos_latency_ms: Math.round(view.nowMs - caller.lastVoicedMs),
  };
  const outcome = text === '' ? act({ type: 'count-turn', outcome: 'rejected' }) : act();
  return inTurn(outcome, commit(message, metrics))(state, view);
};

/** Hands the caller's turn to the model. The turn reaches the record when the answer is heard, see `takeBack`. */
export function commit(message: Asked['message'], metrics: TurnMetrics): Move {
  return (state, view) => {
    const { caller, startedMs } = state;
    const startMs = caller.startMs ?? caller.lastVoicedMs;
    const span = { startMs: Math.round(startMs - startedMs), endMs: Math.round(caller.lastVoicedMs - startedMs) };
    const turn = { role: 'user', text: message.text, ...span, interrupted: false, metrics } as const;
    const asked: Asked = { message, startMs, lastVoicedMs: caller.lastVoicedMs, turn };
    return inTurn(
      act({ type: 'measure', metrics }, { type: 'cancel-timer', name: 'endpoint' }),
      remember(message),
      set({ caller: { ...QUIET_CALLER, lastVoicedMs: caller.lastVoicedMs }, silencePrompts: 0, handOversFailed: 0 }),
      (s, v) => {
        const reply = { ...newReply(s, v, { origin: 'answer', asked }), fillers: s.fillersBefore };
        return [{ ...s, reply, nextReply: s.nextReply + 1, fillersBefore: 0 }, []];
      },
      think('answering'),
    )(state, view);
  };
}

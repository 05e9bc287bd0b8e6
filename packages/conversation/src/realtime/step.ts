import { HISTORY_MAX, SAY_QUEUE_MAX } from '../state.js';
import type { RealtimeAction } from './actions.js';
import type { RealtimeConversationEvent, RealtimeTimerName } from './events.js';
import { act, inTurn, type Move, type Stepped, set, stay, type View, when } from './moves.js';
import {
  beginAnswer,
  onDone,
  onSound,
  onText,
  onTooLong,
  onUtteranceFinished,
  onUtteranceStarted,
  sayText,
} from './policy/answer.js';
import { settleAnswer } from './policy/closing.js';
import { onDtmf, onDtmfPause } from './policy/dtmf.js';
import { onCallerGone, onCallLimit, onClosingTimeout, onFinish, onGoodbye } from './policy/ending.js';
import { onModelTimeout, onSessionFailed, onVoiceFailed } from './policy/failure.js';
import { onHandedOver, onHandOverTimeout } from './policy/hand-over.js';
import { answerOwed } from './policy/resumption.js';
import { minded, onSilence } from './policy/silence.js';
import { onTool, onToolResult } from './policy/tools.js';
import { giveUpWaiting, onCallerText, settleEntries } from './policy/transcript.js';
import { considerTurn, onSpeechEnd, onSpeechStart, onSustainedSpeech } from './policy/turn.js';
import type { RealtimeState } from './state.js';

/**
 * The decisions of a conversation whose model hears and speaks itself. Pure, and built like the other `step`: the event changes
 * the state, then what follows from the state is settled.
 */
export function step(state: RealtimeState, event: RealtimeConversationEvent, view: View): Stepped {
  if (state.phase === 'ended') return [state, []];
  return inTurn(onEvent(event), settle, settleEntries, minded)(state, view);
}

/** Closing an answer can make it the caller's turn, and a turn can close an answer: repeated until nothing moves. */
const settle: Move = (state, view) => {
  let current = state;
  const actions: RealtimeAction[] = [];
  for (let round = 0; round < SETTLE_ROUNDS_MAX; round++) {
    const [next, more] = inTurn(settleAnswer, considerTurn)(current, view);
    actions.push(...more);
    if (next === current) break;
    current = next;
  }
  return [current, actions];
};

/** Three rounds settle everything known; the bound is there so that a mistake cannot become a loop. */
const SETTLE_ROUNDS_MAX = 6;

function onEvent(event: RealtimeConversationEvent): Move {
  switch (event.type) {
    case 'started':
      return onStarted;
    case 'speech-start':
      return onSpeechStart(event.startMs);
    case 'speech-sustained':
      return onSustainedSpeech;
    case 'speech-end':
      return onSpeechEnd(event.lastVoicedMs);
    case 'dtmf':
      return onDtmf(event.digit);
    case 'caller-gone':
      return onCallerGone(event.reason);
    case 'caller-text':
      return onCallerText(event.turn, event.text, event.final);
    case 'answer-text':
      return onText(event.answer, event.text);
    case 'answer-tool':
      return onTool(event.answer, event.call);
    case 'answer-done':
      return onDone(event.answer, event.awaits);
    case 'tool-result':
      return onToolResult(event.callId, event.result, event.code);
    case 'answer-too-long':
      return onTooLong(event.answer);
    case 'session-failed':
      return onSessionFailed(event.code);
    case 'sound':
      return onSound(event.answer, event.soundMs, event.complete);
    case 'voice-failed':
      return onVoiceFailed(event.answer, event.code);
    case 'utterance-started':
      return onUtteranceStarted(event.answer);
    case 'utterance-finished':
      return onUtteranceFinished(event.answer, event.playedMs, event.cut);
    case 'handed-over':
      return onHandedOver(event.result);
    case 'timer':
      return onTimer(event.name);
    case 'say':
      return onSay(event.text);
    case 'finish':
      return onFinish(event.reason, event.transferTo);
    case 'goodbye':
      return onGoodbye(event.reason);
  }
}

function onTimer(name: RealtimeTimerName): Move {
  switch (name) {
    case 'endpoint':
      return stay; // the turn is judged anew after every event
    case 'silence':
      return onSilence;
    case 'dtmf':
      return onDtmfPause;
    case 'model':
      return onModelTimeout;
    case 'transcript':
      return giveUpWaiting;
    case 'call-limit':
      return onCallLimit;
    case 'closing':
      return onClosingTimeout;
    case 'hand-over':
      return onHandOverTimeout;
  }
}

const onStarted: Move = (state, view) => {
  if (state.phase !== 'waiting') return [state, []];
  const { elapsedMs = 0, history = [] } = view.resumed ?? {};
  return inTurn(
    set({ phase: 'live', startedMs: view.nowMs - elapsedMs, history: history.slice(-HISTORY_MAX) }),
    act(
      { type: 'set-timer', name: 'call-limit', delayMs: Math.max(0, view.config.limits.callMs - elapsedMs) },
      { type: 'open-session', history: history.slice(-HISTORY_MAX) },
    ),
    greet,
  )(state, view);
};

/** At once where it was rendered ahead, in the voice it was rendered with; else the model says it. */
const greet: Move = (state, view) => {
  const { config, resumed } = view;
  const text = view.renderedGreeting ?? (resumed === undefined ? config.greeting : config.resumption.say);
  const origin = resumed === undefined ? 'greeting' : 'resumption';
  if (text.trim() === '') return (origin === 'resumption' ? answerOwed : stay)(state, view);
  if (view.renderedGreeting === undefined) return sayText(text, { origin })(state, view);
  return beginAnswer({ origin, voice: 'local', wanted: text }, (answer) => act({ type: 'play-greeting', answer }))(
    state,
    view,
  );
};

function onSay(text: string): Move {
  return when(
    (state) => state.sayQueue.length < SAY_QUEUE_MAX,
    (state) => [{ ...state, sayQueue: [...state.sayQueue, text] }, []],
  );
}

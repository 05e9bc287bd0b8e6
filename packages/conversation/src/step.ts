import type { Action } from './actions.js';
import type { ConversationEvent, TimerName } from './events.js';
import { act, inTurn, type Move, type Stepped, set, stay, type View, when } from './moves.js';
import { onModelDone, onModelMemo, onModelText } from './policy/answer.js';
import { settleReply } from './policy/closing.js';
import { onDtmf, onDtmfPause } from './policy/dtmf.js';
import { onCallerGone, onCallLimit, onClosingTimeout, onFinish, onGoodbye } from './policy/ending.js';
import { onFailed } from './policy/failure.js';
import { fillersMinded, onFillerDue } from './policy/filler.js';
import { onHandedOver, onHandOverTimeout } from './policy/hand-over.js';
import { onLongSpeech, onSustainedSpeech, resumeReply } from './policy/interruption.js';
import { onSound, onUtteranceFinished, onUtteranceStarted, onWords, playGreeting } from './policy/playing.js';
import { goOnFrom, takeUp } from './policy/resumption.js';
import { minded, onSilence } from './policy/silence.js';
import { onModelTool, onToolResult, settleKeys, settleTools } from './policy/tools.js';
import { considerTurn, onFinal, onSpeechEnd, onSpeechStart } from './policy/turn.js';
import { SAY_QUEUE_MAX, type State } from './state.js';

/**
 * The conversation's decisions: what was, what happened, what is now and what to do. Pure - no clock, no promise, no
 * randomness - so a call can be replayed event by event.
 *
 * First the event changes the state, then what follows from the state is settled: a reply that is over closes, a turn
 * that is over is committed, silence is minded. Policies only say what the event means; none has to know the others.
 */
export function step(state: State, event: ConversationEvent, view: View): Stepped {
  if (state.phase === 'ended') return [state, []];
  return inTurn(onEvent(event), settle, minded, fillersMinded)(state, view);
}

/** Closing a reply can make it the turn's turn, and a turn can close a reply: repeated until nothing moves. */
const settle: Move = (state, view) => {
  let current = state;
  const actions: Action[] = [];
  for (let round = 0; round < SETTLE_ROUNDS_MAX; round++) {
    const [next, more] = inTurn(settleTools, settleKeys, settleReply, considerTurn)(current, view);
    actions.push(...more);
    if (next === current) break;
    current = next;
  }
  return [current, actions];
};

/** Two rounds settle everything known; the bound is there so that a mistake cannot become a loop. */
const SETTLE_ROUNDS_MAX = 6;

function onEvent(event: ConversationEvent): Move {
  switch (event.type) {
    case 'started':
      return onStarted;
    case 'speech-start':
      return onSpeechStart(event.startMs);
    case 'speech-sustained':
      return onSustainedSpeech;
    case 'speech-long':
      return onLongSpeech;
    case 'speech-end':
      return onSpeechEnd(event.lastVoicedMs, event.voicedMs);
    case 'final':
      return onFinal(event.text, event.rejected);
    case 'dtmf':
      return onDtmf(event.digit);
    case 'caller-gone':
      return onCallerGone(event.reason);
    case 'model-text':
      return onModelText(event.reply, event.text);
    case 'model-tool':
      return onModelTool(event.reply, event.call);
    case 'model-memo':
      return onModelMemo(event.reply, event.memo);
    case 'model-done':
      return onModelDone(event.reply);
    case 'tool-result':
      return onToolResult(event.callId, event.result, event.code);
    case 'fillers-ready':
      return set({ fillers: event.texts });
    case 'sound':
      return onSound(event.utterance, event.soundMs, event.synthesised);
    case 'words':
      return onWords(event.utterance, event.words);
    case 'utterance-started':
      return onUtteranceStarted(event.utterance);
    case 'utterance-finished':
      return onUtteranceFinished(event.utterance, event.playedMs, event.cut);
    case 'failed':
      return onFailed(event.kind, event.reply, event.code);
    case 'timer':
      return onTimer(event.name);
    case 'handed-over':
      return onHandedOver(event.result);
    case 'say':
      return onSay(event.text);
    case 'finish':
      return onFinish(event.reason, event.transferTo);
    case 'goodbye':
      return onGoodbye(event.reason);
  }
}

function onTimer(name: TimerName): Move {
  switch (name) {
    case 'endpoint':
      return stay; // the turn is judged anew after every event
    case 'resume':
      return resumeReply;
    case 'silence':
      return onSilence;
    case 'dtmf':
      return onDtmfPause;
    case 'stt':
      return onFailed('stt', 0, 'provider_timeout');
    case 'call-limit':
      return onCallLimit;
    case 'closing':
      return onClosingTimeout;
    case 'hand-over':
      return onHandOverTimeout;
    case 'filler':
      return onFillerDue;
  }
}

const onStarted: Move = (state, view) => {
  if (state.phase !== 'waiting') return [state, []];
  const { resumed, config } = view;
  const callMs = Math.max(0, config.limits.callMs - (resumed?.elapsedMs ?? 0));
  return inTurn(
    set({ phase: 'live', startedMs: view.nowMs }),
    act({ type: 'set-timer', name: 'call-limit', delayMs: callMs }, { type: 'expect', memo: null }),
    resumed === undefined ? playGreeting : inTurn(goOnFrom(resumed), takeUp),
  )(state, view);
};

function onSay(text: string): Move {
  return when(
    (state) => state.sayQueue.length < SAY_QUEUE_MAX,
    (state) => [{ ...state, sayQueue: [...state.sayQueue, text] }, []],
  );
}

import { endOfCharsMs, textBeyondSound } from '../heard.js';
import { act, inTurn, type Move, set, stay } from '../moves.js';
import { type Piece, QUIET_CALLER, type Reply } from '../state.js';
import { think } from './answer.js';
import { addPieces, endOfPieces, setReply } from './reply.js';
import { canTakeBack, takeBack } from './take-back.js';
import { isCommitted } from './tools.js';

/**
 * The caller speaks over the assistant. Long enough: silence at once, requests stopped, sound kept (`pause`). Words, or
 * speech so long that it must be words: it was an interruption (`confirm`). Neither: the sentence goes on (`resume`).
 */
export const onSustainedSpeech: Move = (state, view) => {
  if (canTakeBack(state)) return takeBack(state, view);
  return state.reply !== undefined && canPause(state.reply) ? pause(state, view) : [state, []];
};

export const onLongSpeech: Move = (state, view) =>
  state.reply?.paused === true && state.reply.stopping === 'no' ? confirmInterruption(state, view) : [state, []];

function canPause(reply: Reply): boolean {
  return (
    reply.interruptible &&
    !isCommitted(reply) &&
    reply.stopping === 'no' &&
    !reply.paused &&
    reply.heardFromMs !== undefined
  );
}

const pause: Move = (state, view) => {
  const { model = 'idle', tools = [] } = state.reply ?? {};
  // Tools go on; what the model was saying beside them it says again when it is told of them.
  const waits = tools.length > 0;
  return inTurn(
    setReply({ paused: true, model: waits ? 'tools' : 'idle', modelCutOff: model === 'running' && !waits }),
    act({ type: 'pause-voice' }, { type: 'stop-thinking' }, { type: 'live', event: { type: 'assistant_paused' } }),
  )(state, view);
};

export const confirmInterruption: Move = (state, view) => {
  return inTurn(
    act(
      { type: 'count-interruption', outcome: 'confirmed' },
      { type: 'live', event: { type: 'assistant_interrupted' } },
    ),
    stopReply('interrupted'),
  )(state, view);
};

/** Cuts the running reply; it closes when its open utterances have reported what was heard of them. */
export function stopReply(how: 'interrupted' | 'ended'): Move {
  return inTurn(
    setReply({ stopping: how, paused: false, model: 'idle', followedBy: undefined, keys: '' }),
    act(
      { type: 'cancel-timer', name: 'resume' },
      { type: 'stop-thinking' },
      { type: 'stop-tools' },
      { type: 'cut-voice' },
    ),
  );
}

export const waitToResume: Move = (state, view) => {
  const silentMs = view.nowMs - state.caller.lastVoicedMs;
  const delayMs = Math.max(0, view.config.turn.resumeAfterMs - silentMs);
  return [state, [{ type: 'set-timer', name: 'resume', delayMs }]];
};

/** It was no interruption: the sentence goes on where it stopped, and what had not been synthesised is asked for again. */
export const resumeReply: Move = (state, view) => {
  const { reply } = state;
  if (reply === undefined || !reply.paused || reply.stopping !== 'no' || state.caller.speaking) return [state, []];
  const { kept, remaining } = splitAtSound(reply.pieces);
  // Where a failure is to be told, what exists as sound comes first, and nothing more is asked for: it may never come.
  const goesOn = reply.failedBy === undefined;
  return inTurn(
    setReply({ paused: false, modelCutOff: false, pieces: kept }),
    set({ caller: { ...QUIET_CALLER, lastVoicedMs: state.caller.lastVoicedMs } }),
    act(
      { type: 'count-interruption', outcome: 'resumed' },
      { type: 'live', event: { type: 'assistant_resumed' } },
      { type: 'resume-voice' },
    ),
    goesOn ? addPieces(remaining) : stay,
    goesOn && reply.modelCutOff
      ? think('continuing')
      : goesOn && remaining.length > 0 && reply.model !== 'tools'
        ? endOfPieces
        : stay,
  )(state, view);
};

/** What exists as sound stays, shortened to the words it reaches; the rest of the text is to be spoken again. */
function splitAtSound(pieces: readonly Piece[]): { kept: readonly Piece[]; remaining: readonly string[] } {
  const kept: Piece[] = [];
  const remaining: string[] = [];
  for (const piece of pieces) {
    if (piece.stage === 'waiting') remaining.push(piece.text);
    else if (piece.synthesised) kept.push(piece);
    else {
      const beyond = textBeyondSound(piece);
      const text = piece.text.slice(0, piece.text.length - beyond.length).trimEnd();
      // The beginning of a word that is said anew belongs to no text.
      kept.push({ ...piece, text, soundMs: endOfCharsMs(piece, text.length), synthesised: true });
      if (beyond !== '') remaining.push(beyond);
    }
  }
  return { kept, remaining };
}

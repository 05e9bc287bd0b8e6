import { act, inTurn, type Move, set } from '../moves.js';
import type { Reply, State } from '../state.js';
import { confirmInterruption } from './interruption.js';
import { newReply, setReply, waitingPiece } from './reply.js';
import { release } from './take-back.js';

/** Words for the time in which an answer is not there yet: ready as sound, so that whatever is slow cannot make them late. */

/** In one answer: who has waited so long is better served by the failure that comes. */
export const FILLERS_MAX = 5;

/** Since when the caller hears nothing though an answer is owed; undefined where none is, or somebody speaks. */
function silentSinceMs(state: State): number | undefined {
  const { reply, caller } = state;
  if (state.phase !== 'live' || state.ending !== undefined || state.handingOver !== undefined) return undefined;
  if (caller.speaking || (state.fillers.length === 0 && reply?.held !== true)) return undefined;
  if (reply === undefined) return silentWhileHearing(state);
  if (reply.stopping !== 'no') return undefined;
  return reply.paused || reply.held ? silentForSound(state) : silentInReply(state, reply);
}

/** The assistant is silent because the caller made a sound, and what that was is not known yet. */
function silentForSound({ caller }: State): number | undefined {
  return caller.finalsAwaited > 0 ? caller.lastVoicedMs : undefined;
}

/** What the caller said is not understood yet. */
function silentWhileHearing({ caller, fillersBefore, heardToMs }: State): number | undefined {
  const waits = caller.finalsAwaited > 0 && fillersBefore < FILLERS_MAX;
  return waits ? Math.max(caller.lastVoicedMs, heardToMs) : undefined;
}

function silentInReply({ caller, heardToMs }: State, reply: Reply): number | undefined {
  // An apology is owed as an answer is.
  const owedSinceMs = reply.origin === 'failure' ? reply.begunMs : reply.asked?.lastVoicedMs;
  if (owedSinceMs === undefined || caller.finalsAwaited > 0 || reply.fillers >= FILLERS_MAX) return undefined;
  if (reply.pieces.some((piece) => piece.stage === 'playing') || isAllHeard(reply)) return undefined;
  return reply.heardFromMs === undefined ? Math.max(owedSinceMs, heardToMs) : reply.heardToMs;
}

function isAllHeard({ model, pieces }: Reply): boolean {
  return model === 'idle' && pieces.every((piece) => piece.stage === 'finished');
}

/** Runs after every step: the timer follows from the state, so nobody can forget to set or cancel it. */
export const fillersMinded: Move = (state, view) => {
  if (state.phase === 'ended') return [state, []];
  const sinceMs = silentSinceMs(state);
  const atMs = sinceMs === undefined ? undefined : sinceMs + view.config.filler.afterMs;
  if (atMs === state.fillerAtMs) return [state, []];
  const next = { ...state, fillerAtMs: atMs };
  if (atMs === undefined) return [next, [{ type: 'cancel-timer', name: 'filler' }]];
  return [next, [{ type: 'set-timer', name: 'filler', delayMs: Math.max(0, atMs - view.nowMs) }]];
};

export const onFillerDue: Move = (state, view) => {
  const quiet = { ...state, fillerAtMs: undefined };
  const sinceMs = silentSinceMs(state);
  if (sinceMs === undefined || view.nowMs - sinceMs < view.config.filler.afterMs) return [quiet, []];
  const { reply } = state;
  if (reply === undefined) return inTurn(beginFillers, sayFiller)(quiet, view);
  // A recogniser that takes this long does not hold the answer back; and who spoke over it for so long meant to.
  if (reply.held) return release(quiet, view);
  return (reply.paused ? confirmInterruption : sayFiller)(quiet, view);
};

/** There is nothing to answer yet: what is said until then is a reply of its own. */
const beginFillers: Move = (state, view) => {
  const reply = { ...newReply(state, view, { origin: 'filler' }), fillers: state.fillersBefore };
  return [{ ...state, reply, nextReply: state.nextReply + 1, fillersBefore: state.fillersBefore + 1 }, []];
};

const sayFiller: Move = (state, view) => {
  const { reply } = state;
  if (reply === undefined) return [state, []];
  const index = reply.fillers % state.fillers.length;
  const text = state.fillers[index] ?? '';
  const utterance = state.nextUtterance;
  // Before what is still to come, as it will be heard.
  const at = reply.pieces.findIndex((piece) => piece.stage === 'waiting');
  const filler = waitingPiece(utterance, text, 'meanwhile');
  const pieces = reply.pieces.toSpliced(at < 0 ? reply.pieces.length : at, 0, filler);
  return inTurn(
    set({ nextUtterance: utterance + 1 }),
    setReply({ pieces, fillers: reply.fillers + 1 }),
    act({ type: 'play-filler', index, utterance }, { type: 'live', event: { type: 'assistant_saying', text } }),
  )(state, view);
};

import type { ChatMessage, TranscriptTurn, TurnMetrics } from '@rapida/core';
import type { Action } from '../actions.js';
import type { ConversationEnd } from '../conversation.js';
import { heardText, unheardText } from '../heard.js';
import { act, inTurn, type Move, set, stay, type View } from '../moves.js';
import { type Asked, HISTORY_MAX, type Piece, type Reply, type ReplyOrigin, type State } from '../state.js';

/** Beginning a reply, giving it pieces, and what its fields mean. How replies end is in `closing.ts`. */

export interface ReplyPlan {
  readonly origin: ReplyOrigin;
  readonly voice?: 'main' | 'spare';
  readonly followedBy?: ConversationEnd;
  readonly asked?: Asked;
}

/** A goodbye that cannot be talked over keeps a call from never ending; bounded because a voice can hang. */
export const CLOSING_MS_MAX = 30_000;

export function newReply(state: State, view: View, plan: ReplyPlan): Reply {
  return {
    id: state.nextReply,
    origin: plan.origin,
    interruptible: plan.followedBy === undefined,
    voice: plan.voice ?? 'main',
    model: 'idle',
    rounds: 0,
    tools: [],
    toolsCalled: [],
    hasSideEffect: false,
    keys: '',
    fillers: 0,
    unspoken: '',
    pieces: [],
    paused: false,
    held: false,
    modelCutOff: false,
    stopping: 'no',
    followedBy: plan.followedBy,
    followedByCall: undefined,
    failedBy: undefined,
    asked: plan.asked,
    memoBefore: state.memo,
    begunMs: view.nowMs,
    askedModelMs: view.nowMs,
    firstTextMs: undefined,
    firstPieceMs: undefined,
    firstSoundMs: undefined,
    answerFromMs: undefined,
    heardFromMs: undefined,
    heardToMs: view.nowMs,
  };
}

/** Says a fixed text. */
export function sayText(text: string, plan: ReplyPlan): Move {
  return inTurn(
    (state, view) => [{ ...state, reply: newReply(state, view, plan), nextReply: state.nextReply + 1 }, []],
    addPieces([text]),
    endOfPieces,
    plan.followedBy === undefined ? stay : act({ type: 'set-timer', name: 'closing', delayMs: CLOSING_MS_MAX }),
  );
}

export function setReply(change: Partial<Reply>): Move {
  return (state) => [state.reply === undefined ? state : { ...state, reply: { ...state.reply, ...change } }, []];
}

/** Hands pieces of text to the voice, in order. */
export function addPieces(texts: readonly string[], part: Piece['part'] = 'answer'): Move {
  return (state, view) => {
    const { reply } = state;
    if (reply === undefined || texts.length === 0) return [state, []];
    const pieces = texts.map((text, i) => waitingPiece(state.nextUtterance + i, text, part));
    const actions = pieces.flatMap((piece): Action[] => [
      { type: 'speak', reply: reply.id, utterance: piece.utterance, text: piece.text, voice: reply.voice },
      { type: 'live', event: { type: 'assistant_saying', text: piece.text } },
    ]);
    const firstPieceMs = reply.firstPieceMs ?? (part === 'answer' ? view.nowMs : undefined);
    const grown = { ...reply, firstPieceMs, pieces: [...reply.pieces, ...pieces] };
    return [{ ...state, reply: grown, nextUtterance: state.nextUtterance + texts.length }, actions];
  };
}

export const endOfPieces: Move = (state) =>
  state.reply === undefined ? [state, []] : [state, [{ type: 'speak-end', reply: state.reply.id }]];

export function waitingPiece(utterance: number, text: string, part: Piece['part'] = 'answer'): Piece {
  const nothingYet = { soundMs: 0, synthesised: false, words: [], playedMs: 0, cut: false } as const;
  return { utterance, text, part, stage: 'waiting', ...nothingYet };
}

export function changePiece(utterance: number, change: Partial<Piece>): Move {
  return (state) => {
    const { reply } = state;
    if (reply === undefined) return [state, []];
    const pieces = reply.pieces.map((piece) => (piece.utterance === utterance ? { ...piece, ...change } : piece));
    return [{ ...state, reply: { ...reply, pieces } }, []];
  };
}

/** What the caller heard of a reply, words only. */
export function heardOf(reply: Reply): string {
  return reply.pieces
    .map(heardText)
    .filter((text) => text !== '')
    .join(' ');
}

export function remember(...messages: readonly ChatMessage[]): Move {
  return (state) => [{ ...state, history: [...state.history, ...messages].slice(-HISTORY_MAX) }, []];
}

/** The caller's turn stands now: it has been answered, or the answer was stopped after it began. */
export const recordAsked: Move = (state) => {
  const asked = state.reply?.asked;
  if (state.reply === undefined || asked?.turn === undefined) return [state, []];
  const reply = { ...state.reply, asked: { ...asked, turn: undefined } };
  return [{ ...state, reply }, [{ type: 'record-turn', turn: asked.turn }]];
};

export function assistantTurn(state: State, reply: Reply, text: string, interrupted: boolean): TranscriptTurn {
  const startMs = Math.max(0, (reply.heardFromMs ?? reply.heardToMs) - state.startedMs);
  const endMs = Math.max(startMs, reply.heardToMs - state.startedMs);
  const unheard = interrupted ? unheardText(reply.pieces) : '';
  return {
    role: 'assistant',
    text,
    startMs: Math.round(startMs),
    endMs: Math.round(endMs),
    interrupted,
    ...(unheard !== '' && { unheard }),
    metrics: { ...stageMetrics(reply), ...responseMetric(reply) },
  };
}

/**
 * The stages from the end of the caller's turn to the answer's first sound, without a gap between them: with `eos_latency_ms` of the caller's
 * turn their sum is `response_latency_ms`, where nothing was said in the meantime.
 */
export function stageMetrics(reply: Reply): TurnMetrics {
  const { begunMs, askedModelMs, firstTextMs, firstPieceMs, firstSoundMs } = reply;
  if (reply.origin !== 'answer' || firstTextMs === undefined) return {};
  return {
    ...(askedModelMs > begunMs && { tools_ms: Math.round(askedModelMs - begunMs) }),
    llm_ttft_ms: Math.round(firstTextMs - askedModelMs),
    ...(firstPieceMs !== undefined && { llm_piece_ms: Math.round(firstPieceMs - firstTextMs) }),
    ...(firstPieceMs !== undefined &&
      firstSoundMs !== undefined && { tts_ttfb_ms: Math.round(firstSoundMs - firstPieceMs) }),
  };
}

/** To the first thing that was heard, whatever it was. */
export function responseMetric({ origin, heardFromMs, asked }: Reply): TurnMetrics {
  if (origin !== 'answer' || heardFromMs === undefined || asked === undefined) return {};
  return { response_latency_ms: Math.round(heardFromMs - asked.lastVoicedMs) };
}

export const forgetReply: Move = set({ reply: undefined });

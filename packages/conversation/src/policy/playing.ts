import type { SpokenWord } from '@rapida/core';
import { act, inTurn, type Move, set, stay } from '../moves.js';
import type { Piece, State } from '../state.js';
import {
  changePiece,
  newReply,
  recordAsked,
  responseMetric,
  sayText,
  setReply,
  stageMetrics,
  waitingPiece,
} from './reply.js';

/** What the voice and the playout report about the pieces of a reply. */

/** The greeting: at once where it was rendered ahead, else through the voice like any other text. */
export const playGreeting: Move = (state, view) =>
  playFirst(view.renderedGreeting ?? view.config.greeting, 'greeting')(state, view);

/** What is said as soon as there is media. */
export function playFirst(text: string, origin: 'greeting' | 'resumption'): Move {
  return (state, view) => {
    if (text.trim() === '') return [state, []];
    if (view.renderedGreeting === undefined) return sayText(text, { origin })(state, view);
    const reply = newReply(state, view, { origin });
    return inTurn(set({ reply, nextReply: state.nextReply + 1 }), playRendered(text, 'answer'))(state, view);
  };
}

/** What was rendered ahead, as a piece of the reply that was begun. */
export function playRendered(text: string, part: Piece['part']): Move {
  return (state) => {
    const { reply, nextUtterance } = state;
    if (reply === undefined) return [state, []];
    const pieces = [...reply.pieces, waitingPiece(nextUtterance, text, part)];
    return [
      { ...state, reply: { ...reply, pieces }, nextUtterance: nextUtterance + 1 },
      [
        { type: 'play-greeting', reply: reply.id, utterance: nextUtterance },
        { type: 'live', event: { type: 'assistant_saying', text } },
      ],
    ];
  };
}

function pieceOf(state: State, utterance: number): Piece | undefined {
  return state.reply?.pieces.find((piece) => piece.utterance === utterance);
}

/** A piece has its first sound, or all of it, or all it will ever have. */
export function onSound(utterance: number, soundMs: number, synthesised: boolean): Move {
  return (state, view) => {
    const piece = pieceOf(state, utterance);
    if (piece === undefined || state.reply === undefined || piece.stage === 'finished') return [state, []];
    const stage = soundMs > 0 ? 'playing' : synthesised ? 'finished' : 'waiting';
    const isFirst = soundMs > 0 && piece.part === 'answer' && state.reply.firstSoundMs === undefined;
    return inTurn(
      changePiece(utterance, { soundMs, synthesised: piece.synthesised || synthesised, stage }),
      isFirst ? setReply({ firstSoundMs: view.nowMs }) : stay,
    )(state, view);
  };
}

export function onWords(utterance: number, words: readonly SpokenWord[]): Move {
  return (state, view) => {
    const piece = pieceOf(state, utterance);
    return piece === undefined
      ? [state, []]
      : changePiece(utterance, { words: [...piece.words, ...words] })(state, view);
  };
}

export function onUtteranceStarted(utterance: number): Move {
  return (state, view) => {
    const { reply } = state;
    const piece = pieceOf(state, utterance);
    if (reply === undefined || piece === undefined) return [state, []];
    const isFirst = reply.heardFromMs === undefined;
    const isAnswer = piece.part === 'answer' && reply.answerFromMs === undefined;
    const heard = {
      ...reply,
      heardFromMs: reply.heardFromMs ?? view.nowMs,
      answerFromMs: isAnswer ? view.nowMs : reply.answerFromMs,
    };
    const measured = { ...(isAnswer && stageMetrics(heard)), ...(isFirst && responseMetric(heard)) };
    return inTurn(
      setReply(heard),
      isFirst ? recordAsked : stay,
      isFirst || isAnswer ? act({ type: 'measure', metrics: measured }) : stay,
    )(state, view);
  };
}

export function onUtteranceFinished(utterance: number, playedMs: number, cut: boolean): Move {
  return (state, view) => {
    const heardToMs = view.nowMs;
    return inTurn(
      changePiece(utterance, { stage: 'finished', playedMs, cut }),
      playedMs > 0 ? setReply({ heardToMs }) : stay,
      // What is cut fell silent before, when the caller began to speak.
      playedMs > 0 && !cut ? set({ heardToMs }) : stay,
    )(state, view);
  };
}

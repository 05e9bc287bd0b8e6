import type { ChatMessage, TranscriptTurn } from '@rapida/core';
import type { RealtimeAction } from '../actions.js';
import { act, inTurn, type Move, set, setCaller } from '../moves.js';
import { ENTRIES_MAX, type Entry, REMEMBERED_MAX, type RealtimeState } from '../state.js';

/**
 * The transcript in its order. What the model understood of the caller comes when it comes, often after the answer began:
 * what follows a turn waits for its words, for a time.
 */

export function addEntry(entry: Entry): Move {
  return (state) => [{ ...state, entries: [...state.entries, entry] }, []];
}

/** The model has understood something of a turn, which may be the open one or one that was committed. */
export function onCallerText(turn: number, text: string, final: boolean): Move {
  return (state, view) => {
    const isOpen = state.caller.turn === turn;
    if (!isOpen && !state.entries.some((entry) => entry.role === 'user' && entry.turn === turn)) return [state, []];
    const entries = state.entries.map((entry) =>
      entry.role === 'user' && entry.turn === turn && !entry.final ? { ...entry, text, final } : entry,
    );
    return inTurn(
      isOpen ? setCaller({ text, understood: final }) : set({ entries }),
      act(
        final
          ? { type: 'live', event: { type: 'caller_said', text, rejected: text === '' } }
          : { type: 'live', event: { type: 'caller_partial', text } },
      ),
    )(state, view);
  };
}

/** Nobody waits any longer for what has not been understood. */
export const giveUpWaiting: Move = (state) => [
  { ...state, entries: state.entries.map((entry) => (entry.role === 'user' ? { ...entry, final: true } : entry)) },
  [],
];

/** Tells the transcript up to the first turn whose words have not come. Runs after every event. */
export const settleEntries: Move = (state, view) => {
  const { entries } = state;
  if (entries.length > ENTRIES_MAX) return inTurn(giveUpWaiting, settleEntries)(state, view);
  const waiting = entries.findIndex((entry) => entry.role === 'user' && !entry.final);
  const told = waiting < 0 ? entries : entries.slice(0, waiting);
  if (told.length === 0) return [state, []];
  const actions: RealtimeAction[] = told.map((entry) => ({ type: 'record-turn', turn: turnOf(entry) }));
  if (waiting < 0) actions.push({ type: 'cancel-timer', name: 'transcript' });
  const history = [...state.history, ...told.flatMap(messageOf)].slice(-REMEMBERED_MAX);
  return [{ ...state, history, entries: entries.slice(told.length) }, actions];
};

/** What a session that takes the place of another has to know. */
export function remembered(state: RealtimeState): readonly ChatMessage[] {
  return [...state.history, ...state.entries.flatMap(messageOf)].slice(-REMEMBERED_MAX);
}

function turnOf(entry: Entry): TranscriptTurn {
  if (entry.role === 'assistant') return entry.turn;
  const { startMs, endMs, metrics } = entry;
  return { role: 'user', text: wordsOf(entry.text, entry.keys), startMs, endMs, interrupted: false, metrics };
}

function messageOf(entry: Entry): readonly ChatMessage[] {
  if (entry.role === 'assistant') {
    const { text, interrupted } = entry.turn;
    return [{ role: 'assistant', text, ...(interrupted && { interrupted }) }];
  }
  const text = wordsOf(entry.text, entry.keys);
  return text === '' ? [] : [{ role: 'user', text }];
}

function wordsOf(text: string, keys: string): string {
  return [text.trim(), keys].filter((part) => part !== '').join(' ');
}

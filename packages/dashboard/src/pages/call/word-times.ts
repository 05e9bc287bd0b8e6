import type { TranscriptTurn } from '@rapida/client';

export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A word is said in a time like its length; the pause behind it counts as one letter more. */
const PAUSE_LETTERS = 1;

/**
 * When each word of a turn was said: the record has the beginning and the end of a turn, between them the words are laid out
 * by their letters. Good to a few tenths of a second, which is what one hears when a word is clicked.
 */
export function wordTimes({ text, startMs, endMs }: Pick<TranscriptTurn, 'text' | 'startMs' | 'endMs'>): TimedWord[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const letters = words.reduce((sum, word) => sum + word.length + PAUSE_LETTERS, 0);
  const msPerLetter = letters === 0 ? 0 : Math.max(0, endMs - startMs) / letters;
  let passed = 0;
  return words.map((word) => {
    const begin = startMs + passed * msPerLetter;
    passed += word.length + PAUSE_LETTERS;
    return { text: word, startMs: Math.round(begin), endMs: Math.round(startMs + passed * msPerLetter) };
  });
}

/** Words begin at whole milliseconds; a browser that was sent there may stand a hair before it, in the word before or in none. */
export function positionOf(seconds: number): number {
  return Math.round(seconds * 1_000);
}

/** The word that is said at this moment; -1: none. */
export function wordAt(words: readonly TimedWord[], atMs: number): number {
  return words.findIndex(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
}

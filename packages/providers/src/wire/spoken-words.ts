import type { SpokenWord } from '@rapida/core';

/** When characters are spoken, in ms from the piece's start. The three lists are parallel; a shorter one bounds the others. */
export interface TimedCharacters {
  readonly characters: readonly string[];
  readonly startsMs: readonly number[];
  readonly endsMs: readonly number[];
}

/** Words of characters that come in chunks: a word may begin in one and end in the next. One per piece. */
export class WordsOfCharacters {
  #text = '';
  #startMs = 0;
  #endMs = 0;
  /** Times never go back, whatever the vendor says. */
  #latestMs = 0;

  /** The words that are whole by now. */
  push({ characters, startsMs, endsMs }: TimedCharacters): SpokenWord[] {
    const words: SpokenWord[] = [];
    for (const [index, character] of characters.entries()) {
      const startMs = startsMs[index];
      const endMs = endsMs[index];
      if (startMs === undefined || endMs === undefined) break;
      if (character.trim() === '') words.push(...this.end());
      else this.#grow(character, startMs, endMs);
    }
    return words;
  }

  /** The word that was begun, which ends here. */
  end(): SpokenWord[] {
    if (this.#text === '') return [];
    const word = { text: this.#text, startMs: this.#startMs, endMs: this.#endMs };
    this.#text = '';
    return [word];
  }

  #grow(character: string, startMs: number, endMs: number): void {
    const fromMs = Math.max(this.#latestMs, startMs);
    if (this.#text === '') this.#startMs = fromMs;
    this.#text += character;
    this.#endMs = Math.max(fromMs, endMs);
    this.#latestMs = fromMs;
  }
}

/** Words of a vendor that times them itself, in seconds. The lists are parallel; a shorter one bounds the others. */
export function wordsOfSeconds(
  texts: readonly string[],
  starts: readonly number[],
  ends: readonly number[],
): SpokenWord[] {
  return texts.flatMap((text, index) => {
    const start = starts[index];
    const end = ends[index];
    if (start === undefined || end === undefined || text.trim() === '') return [];
    return [{ text: text.trim(), startMs: start * 1_000, endMs: Math.max(start, end) * 1_000 }];
  });
}

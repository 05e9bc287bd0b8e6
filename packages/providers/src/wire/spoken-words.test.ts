import { describe, expect, it } from 'vitest';
import { WordsOfCharacters, wordsOfSeconds } from './spoken-words.js';

/** Every character lasts 100 ms. */
function timed(text: string, fromMs = 0) {
  const characters = [...text];
  const startsMs = characters.map((_, index) => fromMs + index * 100);
  return { characters, startsMs, endsMs: startsMs.map((startMs) => startMs + 100) };
}

describe('words of characters', () => {
  it('are what stands between spaces, each as soon as it is over', () => {
    const words = new WordsOfCharacters();
    expect(words.push(timed('Good morning.'))).toEqual([{ text: 'Good', startMs: 0, endMs: 400 }]);
    expect(words.end()).toEqual([{ text: 'morning.', startMs: 500, endMs: 1_300 }]);
    expect(words.end()).toEqual([]);
  });

  it('may be cut by chunks', () => {
    const words = new WordsOfCharacters();
    expect(words.push(timed(' Go'))).toEqual([]);
    expect(words.push(timed('od  b', 300))).toEqual([{ text: 'Good', startMs: 100, endMs: 500 }]);
    expect(words.push(timed('ye ', 800))).toEqual([{ text: 'bye', startMs: 700, endMs: 1_000 }]);
  });

  it('never go back in time', () => {
    const words = new WordsOfCharacters();
    const all = [...words.push(timed('One ', 1_000)), ...words.push(timed('two ', 0))];
    expect(all.map(({ startMs }) => startMs)).toEqual([1_000, 1_200]);
    for (const { startMs, endMs } of all) expect(endMs).toBeGreaterThanOrEqual(startMs);
  });

  it('end with the shortest of three lists', () => {
    const words = new WordsOfCharacters();
    words.push({ characters: ['a', 'b', 'c'], startsMs: [0, 1], endsMs: [1, 2, 3] });
    expect(words.end()).toEqual([{ text: 'ab', startMs: 0, endMs: 2 }]);
  });
});

describe('words in seconds', () => {
  it('are ms, without blank ones and those that are not timed', () => {
    expect(wordsOfSeconds([' Hello', '', 'you', 'there'], [0.25, 0.5, 0.75], [0.5, 0.75, 0.5, 2])).toEqual([
      { text: 'Hello', startMs: 250, endMs: 500 },
      { text: 'you', startMs: 750, endMs: 750 },
    ]);
  });
});

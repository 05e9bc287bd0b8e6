import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionOf, wordAt, wordTimes } from './word-times.js';

describe('the times of words', () => {
  it('lie between beginning and end of the turn, by the length of the words', () => {
    expect(wordTimes({ text: 'we are open', startMs: 1_000, endMs: 2_200 })).toEqual([
      { text: 'we', startMs: 1_000, endMs: 1_300 },
      { text: 'are', startMs: 1_300, endMs: 1_700 },
      { text: 'open', startMs: 1_700, endMs: 2_200 },
    ]);
  });

  it('follow each other without a gap, whatever is said', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100_000), fc.nat(60_000), (text, startMs, lengthMs) => {
        const words = wordTimes({ text, startMs, endMs: startMs + lengthMs });
        words.forEach((word, index) => {
          expect(word.startMs).toBe(words[index - 1]?.endMs ?? startMs);
          expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
        });
        if (words.length > 0) expect(words.at(-1)?.endMs).toBe(startMs + lengthMs);
      }),
    );
  });

  it('find the word that a browser was sent to, which keeps its place in microseconds', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (startMs) => {
        const words = wordTimes({ text: 'yes', startMs, endMs: startMs + 300 });
        expect(wordAt(words, positionOf(Math.floor((startMs / 1_000) * 1e6) / 1e6 - 1e-6))).toBe(0);
      }),
    );
  });

  it('find the word of a moment, and none before and after', () => {
    const words = wordTimes({ text: 'we are open', startMs: 1_000, endMs: 2_200 });
    expect([999, 1_000, 1_500, 2_199, 2_200].map((atMs) => wordAt(words, atMs))).toEqual([-1, 0, 1, 2, -1]);
  });
});

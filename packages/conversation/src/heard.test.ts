import { UNHEARD_CHARS_MAX } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfCharsMs, heardText, textBeyondSound, unheardText } from './heard.js';
import { waitingPiece } from './policy/reply.js';
import type { Piece } from './state.js';

const text = 'We are open from nine to five';
const cutAt = (playedMs: number, more: Partial<Piece> = {}): Piece => ({
  ...waitingPiece(1, text),
  stage: 'finished',
  soundMs: 2_900,
  synthesised: true,
  playedMs,
  cut: true,
  ...more,
});

describe('what was heard of a piece', () => {
  it('is all of it when it was played whole', () => {
    expect(heardText(cutAt(2_900, { cut: false }))).toBe(text);
  });

  it('is nothing when nothing was played', () => {
    expect(heardText(cutAt(0))).toBe('');
  });

  it('is in proportion to the sound, whole words only', () => {
    // 29 characters in 2.9 s: 1.1 s is 11 characters, "We are open"; 1.0 s cuts into "open".
    expect(heardText(cutAt(1_100))).toBe('We are open');
    expect(heardText(cutAt(1_000))).toBe('We are');
  });

  it('follows the times of the words where the voice gives them', () => {
    const words = [
      { text: 'We', startMs: 0, endMs: 100 },
      { text: 'are', startMs: 100, endMs: 2_000 },
      { text: 'open', startMs: 2_000, endMs: 2_400 },
    ];
    expect(heardText(cutAt(1_999, { words }))).toBe('We');
    expect(heardText(cutAt(2_000, { words }))).toBe('We are');
  });

  it('and what lies beyond its sound make the whole text, for any amount of sound', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), fc.nat({ max: 20_000 }), (words, soundMs) => {
        const piece = { ...waitingPiece(1, words), soundMs };
        const beyond = textBeyondSound(piece);
        const reached = words.slice(0, words.length - beyond.length).trimEnd();
        expect([reached, beyond].filter((part) => part !== '').join(' ')).toBe(words);
      }),
    );
  });

  it('is the same when the piece has been shortened to the words its sound reaches', () => {
    // 29 characters in 2900 ms, of which 1850 ms exist: they end within "nine", and "We are open from" takes 1600.
    const whole = cutAt(1_500);
    const shortened = 'We are open from';
    const kept = cutAt(1_500, { text: shortened, soundMs: endOfCharsMs(whole, shortened.length) });
    expect(kept.soundMs).toBe(1_600);
    expect(heardText(kept)).toBe(heardText(whole));
  });
});

describe('what was not heard of a reply', () => {
  it('is the rest of the piece that was cut off, and what would have followed', () => {
    expect(unheardText([cutAt(1_100), waitingPiece(2, 'How about Monday?')])).toBe(
      'from nine to five How about Monday?',
    );
  });

  it('is nothing where all was heard', () => {
    expect(unheardText([cutAt(2_900, { cut: false })])).toBe('');
    expect(unheardText([])).toBe('');
  });

  it('and what was heard make the whole text, wherever it is cut off', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_900 }), (playedMs) => {
        const parts = [heardText(cutAt(playedMs)), unheardText([cutAt(playedMs)])];
        expect(parts.filter((part) => part !== '').join(' ')).toBe(text);
      }),
    );
  });

  it('is kept up to a limit, which divides no character', () => {
    expect(unheardText([waitingPiece(1, `${'a'.repeat(UNHEARD_CHARS_MAX - 1)}👋`)])).toBe(
      'a'.repeat(UNHEARD_CHARS_MAX - 1),
    );
    expect(unheardText([waitingPiece(1, 'word '.repeat(1_000))])).toHaveLength(UNHEARD_CHARS_MAX);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastPieces, PIECE_CHARS_MAX, takePieces } from './chunker.js';

describe('cutting a stream of text into pieces', () => {
  it('cuts at the end of sentences', () => {
    expect(takePieces('We are open. Come in! Now? May', 'later')).toEqual({
      pieces: ['We are open.', 'Come in!', 'Now?'],
      rest: 'May',
    });
  });

  it('waits for the space that makes a full stop the end of a sentence', () => {
    expect(takePieces('It costs 3.', 'later')).toEqual({ pieces: [], rest: 'It costs 3.' });
    expect(takePieces('It costs 3.50 euros. ', 'later').pieces).toEqual(['It costs 3.50 euros.']);
  });

  it('does not cut after abbreviations', () => {
    expect(takePieces('Ask for Dr. Miller at Main St. 5. Then', 'later').pieces).toEqual([
      'Ask for Dr. Miller at Main St. 5.',
    ]);
  });

  it('lets the first piece be a clause, when it is long enough to sound whole', () => {
    expect(takePieces('We are open every weekday, from nine to five', 'first').pieces).toEqual([
      'We are open every weekday,',
    ]);
    expect(takePieces('Well, it depends on the day', 'first').pieces).toEqual([]);
    expect(takePieces('We are open every weekday, from nine to five', 'later').pieces).toEqual([]);
  });

  it('gives what is left when the stream ends', () => {
    expect(lastPieces('One. And two')).toEqual(['One.', 'And two']);
    expect(lastPieces('  ')).toEqual([]);
  });

  it('loses and repeats nothing, keeps the bound, however the text arrives', () => {
    const word = fc.constantFrom('a', 'house', 'no', '3.5', 'Dr.', 'end.', 'really?', 'well,', 'x'.repeat(400), 'so:');
    const text = fc.array(word, { maxLength: 120 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 20 }), (whole, sizes) => {
        const pieces: string[] = [];
        let buffer = '';
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = (sizes[i % sizes.length] ?? 0) + 1;
          buffer += whole.slice(at, at + size);
          at += size;
          const taken = takePieces(buffer, pieces.length === 0 ? 'first' : 'later');
          pieces.push(...taken.pieces);
          buffer = taken.rest;
        }
        pieces.push(...lastPieces(buffer));
        expect(pieces.join('').replaceAll(/\s/gu, '')).toBe(whole.replaceAll(/\s/gu, ''));
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(PIECE_CHARS_MAX);
      }),
    );
  });
});

import { UNHEARD_CHARS_MAX } from '@rapida/core';
import type { Piece } from './state.js';

/** Speaking rate assumed for a piece whose sound is not complete; flite and common cloud voices lie between 60 and 75. */
const MS_PER_CHAR = 66;

/** The words of a piece that reached the caller: whole words only, a word that was cut off does not count. */
export function heardText(piece: Piece): string {
  if (piece.stage === 'finished' && !piece.cut && piece.synthesised) return piece.text;
  return piece.text.slice(0, charsSpoken(piece, piece.playedMs)).trimEnd();
}

/** The words of pieces that did not reach the caller, in their order; '' where all did. Bounded. */
export function unheardText(pieces: readonly Piece[]): string {
  const words = pieces.map((piece) => piece.text.slice(heardText(piece).length).trim()).filter((text) => text !== '');
  // A character of two halves is kept whole or not at all.
  return words
    .join(' ')
    .slice(0, UNHEARD_CHARS_MAX)
    .replace(/[\uD800-\uDBFF]$/, '');
}

/** The words of a piece that its sound (not complete) does not reach: what remains to be said. */
export function textBeyondSound(piece: Piece): string {
  return piece.text.slice(charsSpoken(piece, piece.soundMs)).trimStart();
}

/** Where in the sound of a piece its first `chars` characters end, as far as can be told. */
export function endOfCharsMs(piece: Piece, chars: number): number {
  return (chars / piece.text.length) * totalMs(piece);
}

function totalMs({ synthesised, soundMs, text }: Piece): number {
  return synthesised ? soundMs : Math.max(soundMs, text.length * MS_PER_CHAR);
}

/** How many characters, up to the end of a word, are spoken in the first `ms` of the piece. */
function charsSpoken(piece: Piece, ms: number): number {
  if (ms <= 0) return 0;
  if (piece.words.length > 0) return charsByWords(piece, ms);
  const chars = Math.floor((ms / totalMs(piece)) * piece.text.length);
  if (chars >= piece.text.length) return piece.text.length;
  if (/\s/u.test(piece.text.charAt(chars))) return chars;
  return piece.text.slice(0, chars).search(/\s+\S*$/u) + 1;
}

function charsByWords(piece: Piece, ms: number): number {
  const lower = piece.text.toLowerCase();
  let at = 0;
  for (const word of piece.words) {
    if (word.endMs > ms) return at;
    const found = lower.indexOf(word.text.toLowerCase(), at);
    if (found >= 0) at = found + word.text.length;
  }
  return piece.text.length;
}

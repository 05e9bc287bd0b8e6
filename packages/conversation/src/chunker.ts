/**
 * Cuts a model's text into pieces worth speaking: sentences, and for the first piece a clause, so that sound starts
 * early. A boundary counts only with white space after it - "3." may become "3.50" with the next delta.
 */
const SENTENCE_END = /[.!?…]+["')\]]*\s+/gu;
const CLAUSE_END = /[,;:–—]\s+/gu;
const ABBREVIATION = /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|etc|e\.g|i\.e|approx|dept|ext|[a-z])\.$/iu;

/** A first clause shorter than this sounds chopped off. */
const FIRST_CLAUSE_CHARS_MIN = 24;
/** No piece is longer: a voice needs time in proportion, and what is cut off is remembered by the piece. */
export const PIECE_CHARS_MAX = 280;

export interface Chunked {
  readonly pieces: readonly string[];
  readonly rest: string;
}

/** `first`: nothing of this reply has been spoken yet. */
export function takePieces(text: string, place: 'first' | 'later'): Chunked {
  const pieces: string[] = [];
  let rest = text;
  for (;;) {
    const cut = nextCut(rest, place === 'first' && pieces.length === 0);
    if (cut === undefined) return { pieces, rest };
    const piece = rest.slice(0, cut).trim();
    if (piece !== '') pieces.push(piece);
    rest = rest.slice(cut);
  }
}

/** The end of the model's text: what is left is the last piece (or pieces, where it is very long). */
export function lastPieces(rest: string): readonly string[] {
  const { pieces, rest: tail } = takePieces(`${rest} `, 'later');
  const last = tail.trim();
  return last === '' ? pieces : [...pieces, last];
}

function nextCut(text: string, first: boolean): number | undefined {
  const sentence = sentenceCut(text);
  const clause = first ? clauseCut(text) : undefined;
  const cut = Math.min(sentence ?? Number.POSITIVE_INFINITY, clause ?? Number.POSITIVE_INFINITY);
  if (cut <= PIECE_CHARS_MAX) return cut;
  return text.length > PIECE_CHARS_MAX ? longCut(text) : undefined;
}

function sentenceCut(text: string): number | undefined {
  for (const match of text.matchAll(SENTENCE_END)) {
    const upTo = text.slice(0, match.index + 1);
    if (match[0].startsWith('.') && ABBREVIATION.test(upTo)) continue;
    return match.index + match[0].length;
  }
  return undefined;
}

function clauseCut(text: string): number | undefined {
  for (const match of text.matchAll(CLAUSE_END)) {
    const end = match.index + match[0].length;
    if (end >= FIRST_CLAUSE_CHARS_MIN) return end;
  }
  return undefined;
}

/** Too long for one piece: at the last clause, else at the last space, else anywhere. */
function longCut(text: string): number {
  const head = text.slice(0, PIECE_CHARS_MAX);
  const clause = Math.max(head.lastIndexOf(', '), head.lastIndexOf('; '), head.lastIndexOf(': '));
  if (clause > PIECE_CHARS_MAX / 2) return clause + 2;
  const space = head.lastIndexOf(' ');
  return space > 0 ? space + 1 : PIECE_CHARS_MAX;
}

import { RapidaError } from '@rapida/core';

/** Far more than a row has; a file without line ends is not read into memory. */
export const LINE_CHARS_MAX = 16 * 1024 * 1024;

/** The lines of a text that comes in pieces; an empty last one is none. Fails with `invalid_request` on one that is too long. */
export async function* linesOf(pieces: AsyncIterable<string>, charsMax = LINE_CHARS_MAX): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > charsMax)
      throw new RapidaError('invalid_request', `It has a line of more than ${charsMax} characters.`);
  }
  if (rest !== '') yield rest;
}

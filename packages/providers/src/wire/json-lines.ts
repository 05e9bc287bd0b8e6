import { protocolError } from './vendor-errors.js';

/** A body of one JSON value per line, as it arrives. Blank lines are nothing. The body bounds how long a line may be. */
export async function* jsonLines(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<unknown, void, undefined> {
  let begun: Uint8Array[] = [];
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      yield* valueIn([...begun, chunk.subarray(start, end)]);
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  yield* valueIn(begun);
}

function* valueIn(parts: readonly Uint8Array[]): Generator<unknown, void, undefined> {
  const line = Buffer.concat(parts).toString('utf8').trim();
  if (line === '') return;
  try {
    yield JSON.parse(line) as unknown;
  } catch {
    throw protocolError('The provider sent a line that is not JSON');
  }
}

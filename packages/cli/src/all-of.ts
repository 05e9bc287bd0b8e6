/** A list is shown to its end, and a server that never comes to one is not listened to for ever. */
export const SHOWN_MAX = 10_000;

/** Everything, or the first {@link SHOWN_MAX}: of lists of the server the newest. */
export async function allOf<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) {
    found.push(one);
    if (found.length === SHOWN_MAX) break;
  }
  return found;
}

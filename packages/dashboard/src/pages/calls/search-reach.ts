/** Pages that a search reads by itself before it asks whether to go on: the server looks into 500 calls for each. */
export const READS_MAX = 4;
/** As many found are worth looking at first. */
export const FOUND_ENOUGH = 30;

interface Read {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

/** Whether a search reads one more page by itself, `begun` pages being there when the viewer asked last. */
export function readsOn(pages: readonly Read[], begun: number): boolean {
  const since = pages.slice(begun);
  const found = since.reduce((sum, { data }) => sum + data.length, 0);
  const hasMore = pages.length > 0 && pages.at(-1)?.nextCursor !== null;
  return hasMore && since.length < READS_MAX && found < FOUND_ENOUGH;
}

import type { NewCall } from '@rapida/client';

const PLACE = 'rapida.list-being-placed';

type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * The key under which a list is placed. The same list that was begun in this tab and not finished - the page was loaded
 * again, an answer was lost - gets the same key, so that no call of it is placed twice. Only one list is remembered.
 */
export function keyOfList(calls: readonly NewCall[], keep: Keep, newKey: () => string): string {
  const print = printOf(JSON.stringify(calls));
  const [known, key] = keep.getItem(PLACE)?.split(' ') ?? [];
  if (known === print && key !== undefined) return key;
  const fresh = newKey();
  keep.setItem(PLACE, `${print} ${fresh}`);
  return fresh;
}

/** All of it was placed: whoever places the same list again means to. */
export function forgetList(keep: Keep): void {
  keep.removeItem(PLACE);
}

/** Tells lists apart, no more (FNV-1a and the length); the browser's own digests are missing where the page came over plain HTTP. */
function printOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return `${text.length}-${hash}`;
}

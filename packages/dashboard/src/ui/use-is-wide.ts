import { useSyncExternalStore } from 'react';

/** From where tables have all their columns; the same as `md:` of the style sheet. */
const WIDE = '(min-width: 48rem)';

/** Whether the window is wide: for what is not only hidden, but another thing where it is narrow. */
export function useIsWide(): boolean {
  return useSyncExternalStore(watch, () => matchMedia(WIDE).matches);
}

function watch(onChange: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Read by `theme.js` too, before the first paint. */
const NAME = 'rapida.theme';

export function chosenTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const chosen = storage.getItem(NAME);
  return THEMES.find((theme) => theme === chosen) ?? 'system';
}

export function chooseTheme(
  theme: Theme,
  storage: Pick<Storage, 'setItem' | 'removeItem'>,
  root: Pick<HTMLElement, 'dataset'>,
): void {
  if (theme === 'system') {
    storage.removeItem(NAME);
    delete root.dataset.theme;
    return;
  }
  storage.setItem(NAME, theme);
  root.dataset.theme = theme;
}

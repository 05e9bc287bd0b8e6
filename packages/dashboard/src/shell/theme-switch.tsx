import { useId, useState } from 'react';
import { chooseTheme, chosenTheme, THEMES, type Theme } from './theme.js';

const WORDS: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function ThemeSwitch() {
  const id = useId();
  const [theme, setTheme] = useState<Theme>(() => chosenTheme(localStorage));
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id}>Colours</label>
      <select
        id={id}
        className="field-box w-auto text-text"
        value={theme}
        onChange={({ target }) => {
          const chosen = target.value as Theme;
          chooseTheme(chosen, localStorage, document.documentElement);
          setTheme(chosen);
        }}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {WORDS[one]}
          </option>
        ))}
      </select>
    </div>
  );
}

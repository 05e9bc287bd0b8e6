const GROUP = 3;
const LAST_GROUP_MAX = 4;

/** Figures one by one, in groups as people say them: `5551234` is "5 5 5, 1 2 3 4". */
export function spellDigits(digits: string): string {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > LAST_GROUP_MAX) {
    groups.push(rest.slice(0, GROUP));
    rest = rest.slice(GROUP);
  }
  groups.push(rest);
  return groups.map((group) => [...group].join(' ')).join(', ');
}

/**
 * Replaces each `{{name}}` by its value, an unknown one by nothing. Values that are numbers to be read out (from three
 * digits on: codes, telephone numbers) are spelled; what the author wrote himself stays as it is.
 */
export function fillIn(sentence: string, lookUp: (name: string) => string | undefined): string {
  const filled = sentence.replace(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g, (_, name: string) => speakable(lookUp(name) ?? ''));
  return filled.replace(/ {2,}/g, ' ').trim();
}

function speakable(value: string): string {
  return /^\+?[0-9]{3,}$/.test(value) ? spellDigits(value.replace('+', '')) : value;
}

/** One field that is otherwise; a side that does not have it is undefined. */
export interface FieldChange {
  /** Path in the configuration, as errors name fields: `dialogue.intents.0.reply`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Field by field, in the order of the fields; lists place by place. */
export function diffConfigs(before: unknown, after: unknown, path: readonly string[] = []): readonly FieldChange[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  if (old === undefined || fresh === undefined || Array.isArray(before) !== Array.isArray(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path: path.join('.'), before, after }];
  }
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return names.flatMap((name) => diffConfigs(old[name], fresh[name], [...path, name]));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Above this, a table of all pairs of lines would be large: such texts are shown as gone and new. */
const LINES_MAX = 600;

/** Line by line, the fewest that are gone or new. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  if (old.length > LINES_MAX || fresh.length > LINES_MAX) return [...told('gone', old), ...told('new', fresh)];
  const lengths = commonLengths(old, fresh);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i++;
      j++;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
      lines.push({ kind: 'gone', text: old[i++] ?? '' });
    else lines.push({ kind: 'new', text: fresh[j++] ?? '' });
  }
  return [...lines, ...told('gone', old.slice(i)), ...told('new', fresh.slice(j))];
}

function told(kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] {
  return texts.map((text) => ({ kind, text }));
}

/** How long the longest common rest of both is, from each pair of places on. */
function commonLengths(old: readonly string[], fresh: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    const [row, below] = [table[i] ?? [], table[i + 1] ?? []];
    for (let j = fresh.length - 1; j >= 0; j--) {
      row[j] = old[i] === fresh[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}

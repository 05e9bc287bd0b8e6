/** One field that is otherwise; a side that does not have it is undefined. */
export interface FieldChange {
  /** Path in the configuration, as errors name fields: `dialogue.intents.0.reply`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Field by field, in the order of the fields; lists place by place. */
export function diffConfigs(before: unknown, after: unknown, path: readonly string[] = []): readonly FieldChange[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  if (old === undefined || fresh === undefined || Array.isArray(before) !== Array.isArray(after)) {
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const sides = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    return [{ path: path.join('.'), ...sides }];
  }
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return names.flatMap((name) => diffConfigs(old[name], fresh[name], [...path, name]));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** A line each: `+` only there afterwards, `-` only before, `~` changed. */
export function changeLines(changes: readonly FieldChange[]): string[] {
  return changes.map(({ path, before, after }) => {
    if (before === undefined) return `+ ${path}: ${JSON.stringify(after)}`;
    if (after === undefined) return `- ${path}: ${JSON.stringify(before)}`;
    return `~ ${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
  });
}

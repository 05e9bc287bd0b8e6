import { useState } from 'react';
import { TextArea } from '../ui/field.js';
import { type PlainFieldProps, useForm, useProblem } from './form-context.js';
import { isRecord } from './json-schema.js';

/** Texts under names of one's own, a line each. */
export function NamesField({ schema, value, path, label }: PlainFieldProps) {
  const { onChange } = useForm();
  const error = useProblem(path, 'all');
  const entries = isRecord(value) ? value : {};
  const [text, setText] = useState(() => textOf(entries));
  const shown = JSON.stringify(entriesOf(text)) === JSON.stringify(entries) ? text : textOf(entries);
  return (
    <TextArea
      label={label}
      error={error}
      hint={[schema.description, 'one a line, as in name = value'].filter(Boolean).join('; ')}
      rows={Math.min(8, Math.max(2, Object.keys(entries).length + 1))}
      value={shown}
      onChange={({ target }) => {
        setText(target.value);
        onChange(path, entriesOf(target.value));
      }}
    />
  );
}

function textOf(entries: Readonly<Record<string, unknown>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join('\n');
}

/** A line without an equals sign is a name that has no value yet. */
export function entriesOf(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

import { useState } from 'react';
import { TextArea } from '../ui/field.js';
import { type PlainFieldProps, useForm, useProblem } from './form-context.js';

/** What has no form of its own, such as a schema within the configuration: as JSON. */
export function JsonField({ schema, value, path, label, nothing }: PlainFieldProps) {
  const { onChange } = useForm();
  const problem = useProblem(path, 'all');
  const [text, setText] = useState(() => jsonOf(value));
  const read = parsed(text);
  return (
    <TextArea
      label={label}
      error={read === undefined ? 'is no JSON' : problem}
      hint={[schema.description, 'as JSON'].filter(Boolean).join('; ')}
      rows={4}
      className="font-mono text-xs"
      spellCheck={false}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        const next = parsed(target.value);
        if (next !== undefined) onChange(path, next.value ?? nothing);
      }}
    />
  );
}

function jsonOf(value: unknown): string {
  return value === undefined || value === null ? '' : JSON.stringify(value, null, 2);
}

/** Undefined where it is none; an empty text is no value. */
function parsed(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

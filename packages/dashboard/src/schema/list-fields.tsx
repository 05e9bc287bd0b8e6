import { useState } from 'react';
import { Button } from '../ui/button.js';
import { CheckField, TextArea } from '../ui/field.js';
import { type PlainFieldProps, useForm, useProblem } from './form-context.js';
import { freshValue } from './json-schema.js';

/** Short texts, one a line: what people paste. */
export function LinesField({ schema, value, path, label }: PlainFieldProps) {
  const { onChange } = useForm();
  const error = useProblem(path, 'all');
  const lines = Array.isArray(value) ? value.map(String) : [];
  // As it is typed: a line that was just begun is none yet.
  const [text, setText] = useState(() => lines.join('\n'));
  const shown = sameLines(text, lines) ? text : lines.join('\n');
  return (
    <TextArea
      label={label}
      error={error}
      hint={[schema.description, 'one a line'].filter(Boolean).join('; ')}
      rows={Math.min(8, Math.max(2, lines.length + 1))}
      value={shown}
      onChange={({ target }) => {
        setText(target.value);
        onChange(path, linesOf(target.value));
      }}
    />
  );
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function sameLines(text: string, lines: readonly string[]): boolean {
  return JSON.stringify(linesOf(text)) === JSON.stringify(lines);
}

/** Any of a few words. */
export function ChoicesField({ schema, value, path, label }: PlainFieldProps) {
  const { onChange } = useForm();
  const chosen = Array.isArray(value) ? value : [];
  const choices = schema.items?.enum ?? [];
  return (
    <fieldset>
      <legend className="font-medium">{label}</legend>
      {choices.map((choice) => (
        <CheckField
          key={String(choice)}
          label={String(choice)}
          checked={chosen.includes(choice)}
          onChange={({ target }) =>
            onChange(path, target.checked ? [...chosen, choice] : chosen.filter((one) => one !== choice))
          }
        />
      ))}
    </fieldset>
  );
}

/** Things with fields of their own, one below the other. */
export function ListField({ schema, value, path, label }: PlainFieldProps) {
  const { onChange, Field } = useForm();
  const error = useProblem(path);
  const { items: item = {}, maxItems = Number.POSITIVE_INFINITY, description } = schema;
  const things: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <fieldset className="col-span-full min-w-0">
      <legend className="font-semibold">{label}</legend>
      {description !== undefined && <p className="text-xs text-muted">{description}</p>}
      {error !== undefined && <p className="text-xs font-medium text-bad">{error}</p>}
      {things.map((thing, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: things of a list have nothing else that they are known by
        <div key={index} className="mt-2">
          <Field schema={item} value={thing} path={[...path, String(index)]} label={titleOf(thing, label, index)} />
          <Button
            className="mt-1"
            onClick={() =>
              onChange(
                path,
                things.filter((_, other) => other !== index),
              )
            }
          >
            Remove {titleOf(thing, label, index)}
          </Button>
        </div>
      ))}
      {things.length < maxItems && (
        <Button className="mt-2" onClick={() => onChange(path, [...things, freshValue(item)])}>
          Add to {label.toLowerCase()}
        </Button>
      )}
    </fieldset>
  );
}

function titleOf(thing: unknown, label: string, index: number): string {
  const { name } = (thing ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' ? name : `${label} ${index + 1}`;
}

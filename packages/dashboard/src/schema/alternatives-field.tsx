import { Button } from '../ui/button.js';
import { SelectField } from '../ui/field.js';
import { type PlainFieldProps, useForm, useProblem } from './form-context.js';
import { alternativeOf, discriminatorOf, freshValue, isRecord } from './json-schema.js';
import { labelOf } from './labels.js';
import { FieldGrid } from './object-fields.js';

/** One of several kinds of thing, such as the engines of different providers: first which, then its own fields. */
export function AlternativesField({ schema, value, path, label }: PlainFieldProps) {
  const { onChange } = useForm();
  const alternatives = schema.oneOf ?? [];
  const name = discriminatorOf(alternatives) ?? 'type';
  const error = useProblem([...path, name]);
  const isOptional = schema.default === undefined && !/^\d+$/.test(path.at(-1) ?? '');
  if (value === undefined && isOptional) {
    return (
      <div>
        <Button onClick={() => onChange(path, freshValue(schema))}>Add {label.toLowerCase()}</Button>
        {schema.description !== undefined && <p className="mt-0.5 text-xs text-muted">{schema.description}</p>}
      </div>
    );
  }
  const chosen = alternativeOf(alternatives, value);
  const kindOf = (one: typeof chosen) => String(one?.properties?.[name]?.const ?? '');
  const choose = (kind: string) => {
    const next = alternatives.find((one) => kindOf(one) === kind);
    if (next !== undefined) onChange(path, freshValue(next));
  };
  return (
    <fieldset className="col-span-full min-w-0 rounded-md border border-line px-3 pt-1 pb-3">
      <legend className="px-1 font-semibold">{label}</legend>
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="w-full max-w-60">
          <SelectField
            label={labelOf(name)}
            error={error}
            value={kindOf(chosen)}
            onChange={({ target }) => choose(target.value)}
          >
            {alternatives.map((one) => (
              <option key={kindOf(one)}>{kindOf(one)}</option>
            ))}
          </SelectField>
        </div>
        {isOptional && <Button onClick={() => onChange(path, undefined)}>Remove {label.toLowerCase()}</Button>}
      </div>
      {chosen !== undefined && (
        <FieldGrid
          schema={chosen}
          value={isRecord(value) ? value : {}}
          path={path}
          provider={name === 'provider' ? kindOf(chosen) : undefined}
        />
      )}
    </fieldset>
  );
}

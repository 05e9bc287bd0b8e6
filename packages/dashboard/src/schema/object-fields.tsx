import { Button } from '../ui/button.js';
import { type PlainFieldProps, useForm } from './form-context.js';
import { freshValue, isRecord, type JsonRecord, type JsonSchema } from './json-schema.js';
import { labelOf } from './labels.js';

/** A group of fields under its name. */
export function ObjectFields(props: PlainFieldProps) {
  const { schema, value, path, label } = props;
  const { onChange } = useForm();
  const isOptional = schema.default === undefined && path.length > 0 && !/^\d+$/.test(path.at(-1) ?? '');
  if (value === undefined && isOptional) {
    return (
      <div>
        <Button onClick={() => onChange(path, freshValue(schema))}>Add {label.toLowerCase()}</Button>
      </div>
    );
  }
  return (
    <fieldset className="col-span-full min-w-0 rounded-md border border-line px-3 pt-1 pb-3">
      <legend className="px-1 font-semibold">{label}</legend>
      {schema.description !== undefined && <p className="mb-2 text-xs text-muted">{schema.description}</p>}
      <FieldGrid schema={schema} value={isRecord(value) ? value : {}} path={path} />
      {isOptional && (
        <Button className="mt-2" onClick={() => onChange(path, undefined)}>
          Remove {label.toLowerCase()}
        </Button>
      )}
    </fieldset>
  );
}

interface FieldGridProps {
  readonly schema: JsonSchema;
  readonly value: JsonRecord;
  readonly path: readonly string[];
  readonly provider?: string | undefined;
}

/** The fields of an object, beside each other where there is room. */
export function FieldGrid({ schema, value, path, provider }: FieldGridProps) {
  const { Field } = useForm();
  return (
    <div className="grid items-start gap-3 sm:grid-cols-[repeat(auto-fill,minmax(15rem,1fr))]">
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <div key={name} className={isWide(field) ? 'col-span-full min-w-0' : 'min-w-0'}>
          <Field
            schema={field}
            value={value[name]}
            path={[...path, name]}
            label={labelOf(name)}
            provider={provider ?? credentialProvider(path)}
          />
        </div>
      ))}
    </div>
  );
}

function isWide({ type, maxLength = 0, oneOf, properties, format }: JsonSchema): boolean {
  if (oneOf !== undefined || properties !== undefined) return true;
  return type === 'array' || type === 'object' || (type === 'string' && maxLength > 200 && format === undefined);
}

/** Tools have credentials of their own kind. */
function credentialProvider(path: readonly string[]): string | undefined {
  return path[0] === 'tools' ? 'http' : undefined;
}

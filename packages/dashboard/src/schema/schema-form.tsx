import { useMemo } from 'react';
import { type CredentialChoice, FormContext } from './form-context.js';
import type { JsonRecord, JsonSchema } from './json-schema.js';
import { FieldGrid } from './object-fields.js';
import type { Problem } from './problems.js';
import { SchemaField } from './schema-field.js';

interface SchemaFormProps {
  readonly schema: JsonSchema;
  readonly value: JsonRecord;
  readonly onChange: (path: readonly string[], value: unknown) => void;
  readonly problems: readonly Problem[];
  readonly credentials?: readonly CredentialChoice[];
  readonly secrets?: readonly string[];
  /** Only these fields, in this order; without it all. */
  readonly fields?: readonly string[];
}

const NO_CREDENTIALS: readonly CredentialChoice[] = [];
const NO_SECRETS: readonly string[] = [];

/** The fields of an object as its schema describes them: what the server learns, the form has. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, value, onChange, problems, credentials = NO_CREDENTIALS, secrets = NO_SECRETS, fields } = props;
  const contents = useMemo(
    () => ({ onChange, problems, credentials, secrets, Field: SchemaField }),
    [onChange, problems, credentials, secrets],
  );
  const shown = fields === undefined ? schema : { ...schema, properties: only(schema, fields) };
  return (
    <FormContext value={contents}>
      <FieldGrid schema={shown} value={value} path={[]} />
    </FormContext>
  );
}

function only({ properties = {} }: JsonSchema, fields: readonly string[]): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    fields.flatMap((name) => {
      const field = properties[name];
      return field === undefined ? [] : [[name, field] as const];
    }),
  );
}

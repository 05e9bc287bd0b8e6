import { CheckField } from '../ui/field.js';
import { AlternativesField } from './alternatives-field.js';
import { type PlainFieldProps, type SchemaFieldProps, useForm } from './form-context.js';
import { JsonField } from './json-field.js';
import { isRecord, plainOf } from './json-schema.js';
import { labelOf } from './labels.js';
import { ChoicesField, LinesField, ListField } from './list-fields.js';
import { NamesField } from './names-field.js';
import { ObjectFields } from './object-fields.js';
import { CredentialField, NumberField, SelectOneField, WordsField } from './single-fields.js';

/** One place of a value, as its schema says: a control, a list of them, or a group. */
export function SchemaField(props: SchemaFieldProps) {
  const { schema, nothing } = plainOf(props.schema);
  const field = { ...props, schema, nothing, label: props.label ?? labelOf(props.path.at(-1) ?? '') };
  if (props.path.at(-1) === 'credentialId') return <CredentialField {...field} />;
  if (schema.const !== undefined) return null;
  if (schema.oneOf !== undefined) return <AlternativesField {...field} />;
  if (schema.enum !== undefined) return <SelectOneField {...field} />;
  if (schema.type === 'boolean') return <YesNoField {...field} />;
  if (schema.type === 'integer' || schema.type === 'number') return <NumberField {...field} />;
  if (schema.type === 'string') return <WordsField {...field} />;
  if (schema.type === 'array') return <AnyList {...field} />;
  if (schema.properties !== undefined) return <ObjectFields {...field} />;
  const { additionalProperties } = schema;
  if (isRecord(additionalProperties) && additionalProperties.type === 'string') return <NamesField {...field} />;
  return <JsonField {...field} />;
}

function AnyList(props: PlainFieldProps) {
  const { items = {} } = props.schema;
  if (items.enum !== undefined) return <ChoicesField {...props} />;
  return items.type === 'string' ? <LinesField {...props} /> : <ListField {...props} />;
}

function YesNoField({ schema, value, path, label }: PlainFieldProps) {
  const { onChange } = useForm();
  const { description, default: usual } = schema;
  return (
    <CheckField
      label={label}
      {...(description !== undefined && { hint: description })}
      checked={(value ?? usual) === true}
      onChange={({ target }) => onChange(path, target.checked)}
    />
  );
}

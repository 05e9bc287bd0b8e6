import { SelectField, TextArea, TextField } from '../ui/field.js';
import { type PlainFieldProps, useForm, useProblem } from './form-context.js';

/** Longer texts get a box of several lines. */
const LINE_CHARS_MAX = 200;
const BOX_CHARS_MAX = 5_000;

function hintOf({ schema: { description }, nothing }: PlainFieldProps, more = '') {
  const hint = [description, more].filter((part) => part !== undefined && part !== '').join('; ');
  return { ...(hint !== '' && { hint }), ...(nothing === null && hint === '' && { hint: 'Empty: none' }) };
}

export function WordsField(props: PlainFieldProps) {
  const { schema, value, path, label, nothing } = props;
  const { onChange, secrets } = useForm();
  const error = useProblem(path);
  const isSecret = secrets.includes(path.at(-1) ?? '');
  const change = (text: string) => onChange(path, text === '' && isOptional(props) ? nothing : text);
  const own = { label, error, ...hintOf(props), value: typeof value === 'string' ? value : '' };
  const { maxLength = LINE_CHARS_MAX } = schema;
  if (isSecret && maxLength <= BOX_CHARS_MAX) {
    return <TextField {...own} type="password" autoComplete="off" onChange={({ target }) => change(target.value)} />;
  }
  if (maxLength <= LINE_CHARS_MAX || schema.format === 'uri' || path.at(-1) === 'url') {
    return (
      <TextField {...own} placeholder={placeholderOf(schema.default)} onChange={({ target }) => change(target.value)} />
    );
  }
  const rows = maxLength > BOX_CHARS_MAX ? 8 : 2;
  return <TextArea {...own} rows={rows} onChange={({ target }) => change(target.value)} />;
}

/** A text without a default is left out where it is empty; that it was needed is said then. */
function isOptional({ schema: { default: usual }, nothing }: PlainFieldProps): boolean {
  return nothing !== undefined || usual === undefined;
}

function placeholderOf(usual: unknown): string | undefined {
  return typeof usual === 'string' && usual !== '' ? usual : undefined;
}

export function NumberField(props: PlainFieldProps) {
  const { schema, value, path, label, nothing } = props;
  const { onChange } = useForm();
  const error = useProblem(path);
  const { minimum, maximum, type } = schema;
  const range = minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : '';
  return (
    <TextField
      label={label}
      error={error}
      type="number"
      {...hintOf(props, range)}
      min={minimum}
      max={maximum}
      step={type === 'integer' ? 1 : 'any'}
      value={typeof value === 'number' ? value : ''}
      onChange={({ target }) => onChange(path, target.value === '' ? nothing : target.valueAsNumber)}
    />
  );
}

export function SelectOneField(props: PlainFieldProps) {
  const { schema, value, path, label, nothing } = props;
  const { onChange } = useForm();
  const error = useProblem(path);
  const { enum: choices = [], default: usual } = schema;
  return (
    <SelectField
      label={label}
      error={error}
      {...hintOf(props)}
      value={String(value ?? usual ?? '')}
      onChange={({ target }) => onChange(path, target.value === '' ? nothing : target.value)}
    >
      {usual === undefined && <option value="">Not set</option>}
      {choices.map((choice) => (
        <option key={String(choice)}>{String(choice)}</option>
      ))}
    </SelectField>
  );
}

/** Of the vault, by name; of the right provider where that is known. */
export function CredentialField(props: PlainFieldProps) {
  const { value, path, label, nothing, provider } = props;
  const { onChange, credentials } = useForm();
  const error = useProblem(path);
  const fitting = credentials.filter((one) => provider === undefined || one.provider === provider);
  const chosen = typeof value === 'string' ? value : '';
  const isKnown = chosen === '' || fitting.some(({ id }) => id === chosen);
  return (
    <SelectField
      label={label}
      error={error}
      {...hintOf(props)}
      value={chosen}
      onChange={({ target }) => onChange(path, target.value === '' ? nothing : target.value)}
    >
      <option value="">None</option>
      {!isKnown && <option value={chosen}>{chosen}</option>}
      {fitting.map(({ id, name, provider: of }) => (
        <option key={id} value={id}>
          {name} ({of})
        </option>
      ))}
    </SelectField>
  );
}

import { type Credential, type CredentialForm as Form, type NewCredential, RapidaApiError } from '@rapida/client';
import { type FormEvent, useCallback, useMemo, useState } from 'react';
import { useCreateCredential, useCredentialForms, useSaveCredential } from '../../data/credentials.js';
import { freshValue, type JsonRecord, withValue } from '../../schema/json-schema.js';
import { problemsOf, problemsTold } from '../../schema/problems.js';
import { SchemaForm } from '../../schema/schema-form.js';
import { Button } from '../../ui/button.js';
import { CheckField, SelectField, TextField } from '../../ui/field.js';
import { useFocusOnWrong } from '../../ui/focus-wrong.js';
import { useNotice } from '../../ui/notices.js';
import { Answer, Failure } from '../../ui/states.js';

interface CredentialFormProps {
  /** Undefined: a new one. */
  readonly credential: Credential | undefined;
  readonly onDone: () => void;
}

export function CredentialForm(props: CredentialFormProps) {
  const kinds = useCredentialForms();
  return (
    <Answer of={kinds} what="the form">
      {(known) => <KnownCredentialForm {...props} kinds={known} />}
    </Answer>
  );
}

type Kinds = Readonly<Record<string, Form>>;

function KnownCredentialForm({ credential, onDone, kinds }: CredentialFormProps & { readonly kinds: Kinds }) {
  const [provider, setProvider] = useState<string>(credential?.provider ?? 'asterisk');
  const [name, setName] = useState(credential?.name ?? '');
  const [perSecond, setPerSecond] = useState(credential === undefined ? '' : String(credential.callsPerSecond));
  const [replaces, setReplaces] = useState(credential === undefined);
  const [value, setValue] = useState<JsonRecord>(() => fresh(kinds, provider));
  const { save, isPending, error } = useSaving(credential, onDone);
  const form = useFocusOnWrong<HTMLFormElement>(error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    save({
      ...{ name: name.trim(), provider: provider as NewCredential['provider'] },
      ...(replaces && { value }),
      ...(provider === 'asterisk' && perSecond !== '' && { callsPerSecond: Number(perSecond) }),
    });
  };
  const choose = (next: string) => {
    setProvider(next);
    setValue(fresh(kinds, next));
  };
  return (
    <form ref={form} onSubmit={send} className="flex flex-col gap-3" autoComplete="off">
      <SelectField
        label="Of"
        disabled={credential !== undefined}
        value={provider}
        onChange={({ target }) => choose(target.value)}
      >
        {Object.keys(kinds).map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      <TextField label="Name" required maxLength={100} value={name} onChange={({ target }) => setName(target.value)} />
      {provider === 'asterisk' && (
        <TextField
          label="Calls per second"
          hint="How many calls are begun with it in a second; empty: the default"
          type="number"
          min={1}
          value={perSecond}
          onChange={({ target }) => setPerSecond(target.value)}
        />
      )}
      {credential !== undefined && (
        <CheckField
          label="Give it a new value"
          hint="The old one is replaced as a whole: it cannot be read back, so all of it is given anew."
          checked={replaces}
          onChange={({ target }) => setReplaces(target.checked)}
        />
      )}
      {replaces && <ValueFields kind={kinds[provider]} value={value} onChange={setValue} error={error} />}
      {error !== null && <Failure error={error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" disabled={isPending || name.trim() === ''}>
          Save
        </Button>
      </div>
    </form>
  );
}

function fresh(kinds: Kinds, provider: string): JsonRecord {
  return freshValue(kinds[provider]?.schema ?? { type: 'object' }) as JsonRecord;
}

function useSaving(credential: Credential | undefined, onDone: () => void) {
  const create = useCreateCredential();
  const change = useSaveCredential(credential?.id ?? '');
  const tell = useNotice();
  const onSuccess = ({ name }: Credential) => {
    tell(`${name} was saved.`);
    onDone();
  };
  const save = (body: Omit<NewCredential, 'value'> & { readonly value?: JsonRecord }) => {
    if (credential === undefined) create.mutate(body as NewCredential, { onSuccess });
    else change.mutate(body, { onSuccess });
  };
  return { save, isPending: create.isPending || change.isPending, error: create.error ?? change.error };
}

interface ValueFieldsProps {
  readonly kind: Form | undefined;
  readonly value: JsonRecord;
  readonly onChange: (change: (old: JsonRecord) => JsonRecord) => void;
  readonly error: unknown;
}

/** What is needed is only said when the server said so: an empty form is no mistake. */
function ValueFields({ kind, value, onChange, error }: ValueFieldsProps) {
  const change = useCallback(
    (path: readonly string[], next: unknown) => onChange((old) => withValue(old, path, next) as JsonRecord),
    [onChange],
  );
  const told = useMemo(() => (error instanceof RapidaApiError ? problemsTold(error.text) : []), [error]);
  const problems = useMemo(() => {
    const own = kind === undefined ? [] : problemsOf(kind.schema, value).filter(({ path }) => path in value);
    return [...own, ...told.map(({ path, text }) => ({ path: path.replace(/^value\./, ''), text }))];
  }, [kind, value, told]);
  const secrets = useMemo(() => (kind === undefined ? [] : [kind.secret]), [kind]);
  if (kind === undefined) return null;
  return <SchemaForm schema={kind.schema} value={value} onChange={change} problems={problems} secrets={secrets} />;
}

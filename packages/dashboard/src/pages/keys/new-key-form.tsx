import type { ApiKey } from '@rapida/client';
import { type FormEvent, useState } from 'react';
import { useCreateKey } from '../../data/keys.js';
import { Button } from '../../ui/button.js';
import { CheckField, TextField } from '../../ui/field.js';
import { ShownOnce } from '../../ui/shown-once.js';
import { Failure } from '../../ui/states.js';

type Scope = ApiKey['scopes'][number];

const SCOPES: readonly { readonly scope: Scope; readonly hint: string }[] = [
  { scope: 'inbound', hint: 'Register calls that come in: what the dialplan of an Asterisk needs' },
  { scope: 'calls', hint: 'Place, read and steer calls; read assistants' },
  { scope: 'admin', hint: 'Everything' },
];

export function NewKeyForm({ onDone }: { readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['inbound']);
  const create = useCreateKey();
  const send = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), scopes: [...scopes] });
  };
  if (create.data !== undefined) {
    const { key } = create.data;
    return <ShownOnce text={key} what="the key" about="This is the key." name="key" onDone={onDone} />;
  }
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <TextField
        label="Name"
        required
        maxLength={100}
        hint="Who uses it, to know which one to revoke"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <fieldset>
        <legend className="font-medium">It may</legend>
        {SCOPES.map(({ scope, hint }) => (
          <CheckField
            key={scope}
            label={scope}
            hint={hint}
            checked={scopes.includes(scope)}
            onChange={({ target }) =>
              setScopes(target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))
            }
          />
        ))}
      </fieldset>
      {create.error !== null && <Failure error={create.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" disabled={create.isPending || name.trim() === '' || scopes.length === 0}>
          Create
        </Button>
      </div>
    </form>
  );
}

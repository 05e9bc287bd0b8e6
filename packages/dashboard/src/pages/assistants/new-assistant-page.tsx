import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { configOf, useAssistants, useCreateAssistant } from '../../data/assistants.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Page, Section } from '../../ui/page.js';
import { Failure } from '../../ui/states.js';

export default function NewAssistantPage() {
  const [name, setName] = useState('');
  const [copied, setCopied] = useState('');
  const { data: assistants = [] } = useAssistants();
  const create = useCreateAssistant();
  const navigate = useNavigate();
  const send = (event: FormEvent) => {
    event.preventDefault();
    const like = assistants.find(({ id }) => id === copied);
    const config = { ...(like === undefined ? {} : configOf(like)), name: name.trim() };
    create.mutate(config, { onSuccess: ({ id }) => navigate(`/assistants/${id}`) });
  };
  return (
    <Page title="New assistant">
      <Section title="How it begins">
        <form onSubmit={send} className="flex max-w-md flex-col gap-3">
          <TextField
            label="Name"
            required
            maxLength={100}
            hint="Unique in the project"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <SelectField
            label="Begins like"
            hint="Everything can be changed afterwards."
            value={copied}
            onChange={({ target }) => setCopied(target.value)}
          >
            <option value="">A new one, with the default of every setting</option>
            {assistants.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </SelectField>
          {create.error !== null && <Failure error={create.error} />}
          <div className="flex gap-2">
            <Button type="submit" look="primary" disabled={create.isPending || name.trim() === ''}>
              Create
            </Button>
            <ButtonLink to="/assistants">Cancel</ButtonLink>
          </div>
        </form>
      </Section>
    </Page>
  );
}

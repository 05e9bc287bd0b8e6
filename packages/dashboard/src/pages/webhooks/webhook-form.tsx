import type { Webhook, WebhookInput } from '@rapida/client';
import { type FormEvent, useState } from 'react';
import { useAssistants } from '../../data/assistants.js';
import { useEventTypes } from '../../data/description.js';
import { useCreateWebhook, useSaveWebhook } from '../../data/webhooks.js';
import { Button } from '../../ui/button.js';
import { CheckField, SelectField, TextField } from '../../ui/field.js';
import { useNotice } from '../../ui/notices.js';
import { Failure } from '../../ui/states.js';

interface WebhookFormProps {
  /** Undefined: a new one. */
  readonly webhook: Webhook | undefined;
  /** With the secret of a new one. */
  readonly onDone: (secret?: string) => void;
}

type EventType = NonNullable<WebhookInput['events']>[number];

export function WebhookForm({ webhook, onDone }: WebhookFormProps) {
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [assistantId, setAssistantId] = useState(webhook?.assistantId ?? '');
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? []);
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const { save, isPending, error } = useSaving(webhook, onDone);
  const { data: assistants = [] } = useAssistants();
  const send = (event: FormEvent) => {
    event.preventDefault();
    save({
      ...{ url: url.trim(), enabled, events: [...events] as EventType[] },
      assistantId: assistantId === '' ? null : assistantId,
    });
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <TextField
        label="Address"
        type="url"
        required
        placeholder="https://crm.example.com/hook"
        hint="Of the public internet, with http or https"
        value={url}
        onChange={({ target }) => setUrl(target.value)}
      />
      <SelectField label="Of" value={assistantId} onChange={({ target }) => setAssistantId(target.value)}>
        <option value="">all assistants</option>
        {assistants.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <EventChoice chosen={events} onChange={setEvents} />
      <CheckField label="Enabled" checked={enabled} onChange={({ target }) => setEnabled(target.checked)} />
      {error !== null && <Failure error={error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={() => onDone()}>Cancel</Button>
        <Button type="submit" look="primary" disabled={isPending || url.trim() === ''}>
          Save
        </Button>
      </div>
    </form>
  );
}

interface EventChoiceProps {
  readonly chosen: readonly string[];
  readonly onChange: (events: readonly string[]) => void;
}

function EventChoice({ chosen, onChange }: EventChoiceProps) {
  const { data: types = [] } = useEventTypes();
  return (
    <fieldset>
      <legend className="font-medium">Told of</legend>
      <p className="text-xs text-muted">None chosen: of all events</p>
      <div className="grid grid-cols-2 gap-x-3">
        {types.map((type) => (
          <CheckField
            key={type}
            label={type}
            checked={chosen.includes(type)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, type] : chosen.filter((one) => one !== type))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

function useSaving(webhook: Webhook | undefined, onDone: (secret?: string) => void) {
  const create = useCreateWebhook();
  const change = useSaveWebhook(webhook?.id ?? '');
  const tell = useNotice();
  const save = (body: WebhookInput) => {
    if (webhook === undefined) {
      create.mutate(body, { onSuccess: ({ secret }) => onDone(secret) });
      return;
    }
    const onSuccess = () => {
      tell('The webhook was saved.');
      onDone();
    };
    change.mutate(body, { onSuccess });
  };
  return { save, isPending: create.isPending || change.isPending, error: create.error ?? change.error };
}

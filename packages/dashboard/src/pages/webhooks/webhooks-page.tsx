import type { Webhook } from '@rapida/client';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAssistantNames } from '../../data/assistants.js';
import { useRemoveWebhook, useRotateSecret, useTestWebhook, useWebhooks } from '../../data/webhooks.js';
import { Badge } from '../../ui/badge.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { Dialog } from '../../ui/dialog.js';
import { useNotice } from '../../ui/notices.js';
import { Page } from '../../ui/page.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { SecretShown } from './secret-shown.js';
import { WebhookForm } from './webhook-form.js';

export default function WebhooksPage() {
  const webhooks = useWebhooks();
  const [edited, setEdited] = useState<Webhook | 'new'>();
  const [secret, setSecret] = useState<string>();
  const create = (
    <Button look="primary" onClick={() => setEdited('new')}>
      New webhook
    </Button>
  );
  return (
    <Page
      title="Webhooks"
      about="Programs that are told what happens in calls."
      actions={
        <>
          {create}
          <ButtonLink to="/webhooks/deliveries">Deliveries</ButtonLink>
        </>
      }
    >
      <Answer of={webhooks} what="the webhooks">
        {(data) =>
          data.length === 0 ? (
            <Empty title="Nobody is told yet.">
              <p>
                A webhook is an address of yours that gets each event of a call, signed and repeated until it arrives.
              </p>
              {create}
            </Empty>
          ) : (
            <WebhookTable webhooks={data} onEdit={setEdited} onSecret={setSecret} />
          )
        }
      </Answer>
      {edited !== undefined && (
        <Dialog title={edited === 'new' ? 'New webhook' : 'Change the webhook'} onClose={() => setEdited(undefined)}>
          <WebhookForm
            webhook={edited === 'new' ? undefined : edited}
            onDone={(made) => {
              setEdited(undefined);
              setSecret(made);
            }}
          />
        </Dialog>
      )}
      {secret !== undefined && <SecretShown secret={secret} onClose={() => setSecret(undefined)} />}
    </Page>
  );
}

interface WebhookTableProps {
  readonly webhooks: readonly Webhook[];
  readonly onEdit: (webhook: Webhook) => void;
  readonly onSecret: (secret: string) => void;
}

function WebhookTable({ webhooks, onEdit, onSecret }: WebhookTableProps) {
  const names = useAssistantNames();
  const columns: readonly Column<Webhook>[] = [
    { title: 'Address', cell: ({ url }) => <code className="[overflow-wrap:anywhere]">{url}</code> },
    {
      title: 'Of',
      cell: ({ assistantId }) => (assistantId === null ? 'all assistants' : (names.get(assistantId) ?? assistantId)),
      wideOnly: true,
    },
    {
      title: 'Told of',
      cell: ({ events }) => (events.length === 0 ? 'all events' : events.join(', ')),
      wideOnly: true,
    },
    {
      title: 'State',
      cell: ({ enabled }) => (enabled ? <Badge tone="good">Enabled</Badge> : <Badge>Disabled</Badge>),
    },
    {
      title: 'What to do',
      cell: (webhook) => (
        <span className="flex flex-wrap items-center gap-2">
          <TestButton webhook={webhook} />
          <Link to={`/webhooks/deliveries?webhookId=${webhook.id}`} className="text-accent underline">
            Deliveries
          </Link>
          <Button onClick={() => onEdit(webhook)} aria-label={`Change ${webhook.url}`}>
            Change
          </Button>
          <RotateButton webhook={webhook} onSecret={onSecret} />
          <RemoveButton webhook={webhook} />
        </span>
      ),
    },
  ];
  return <Table caption="Webhooks" columns={columns} items={webhooks} keyOf={({ id }) => id} />;
}

function TestButton({ webhook: { id, url } }: { readonly webhook: Webhook }) {
  const test = useTestWebhook();
  const tell = useNotice();
  return (
    <Button
      aria-label={`Send a test to ${url}`}
      disabled={test.isPending}
      onClick={() =>
        test.mutate(id, {
          onSuccess: () => tell('A test is on its way: its deliveries say what became of it.'),
          onError: () => tell('The test could not be sent: try again in a moment.'),
        })
      }
    >
      Test
    </Button>
  );
}

interface RotateButtonProps {
  readonly webhook: Webhook;
  readonly onSecret: (secret: string) => void;
}

function RotateButton({ webhook: { id }, onSecret }: RotateButtonProps) {
  const rotate = useRotateSecret();
  const act = async () => onSecret((await rotate.mutateAsync(id)).secret);
  return (
    <ConfirmButton label="New secret" look="plain" title="Make a new secret?" onConfirm={act}>
      It signs all deliveries from now on, and the former one none any more: the receiver needs it at once.
    </ConfirmButton>
  );
}

function RemoveButton({ webhook: { id, url } }: { readonly webhook: Webhook }) {
  const remove = useRemoveWebhook();
  return (
    <ConfirmButton label="Remove" title="Remove this webhook?" onConfirm={() => remove.mutateAsync(id)}>
      {url} is told nothing any more; what was delivered to it is forgotten.
    </ConfirmButton>
  );
}

import type { ApiKey } from '@rapida/client';
import { useState } from 'react';
import { useKeys, useRevokeKey } from '../../data/keys.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { Dialog } from '../../ui/dialog.js';
import { Moment } from '../../ui/moment.js';
import { useNotice } from '../../ui/notices.js';
import { Page } from '../../ui/page.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { NewKeyForm } from './new-key-form.js';

const COLUMNS: readonly Column<ApiKey>[] = [
  { title: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
  { title: 'Begins with', cell: ({ prefix }) => <code>{prefix}...</code>, wideOnly: true },
  {
    title: 'May',
    cell: ({ scopes }) => scopes.map((scope) => <Badge key={scope}>{scope}</Badge>),
    className: 'space-x-1',
  },
  { title: 'Created', cell: ({ createdAt }) => <Moment at={createdAt} />, wideOnly: true },
  {
    title: 'State',
    cell: (key) =>
      key.revokedAt === null ? <RevokeButton apiKey={key} /> : <span className="text-muted">revoked</span>,
  },
];

export default function KeysPage() {
  const keys = useKeys();
  const [creates, setCreates] = useState(false);
  const create = (
    <Button look="primary" onClick={() => setCreates(true)}>
      New API key
    </Button>
  );
  return (
    <Page
      title="API keys"
      about="What programs and Asterisk sign in with. Each belongs to this project."
      actions={create}
    >
      <Answer of={keys} what="the keys">
        {(data) =>
          data.length === 0 ? (
            <Empty title="There is no key yet.">{create}</Empty>
          ) : (
            <Table caption="API keys" columns={COLUMNS} items={data} keyOf={({ id }) => id} />
          )
        }
      </Answer>
      {creates && (
        <Dialog title="New API key" onClose={() => setCreates(false)}>
          <NewKeyForm onDone={() => setCreates(false)} />
        </Dialog>
      )}
    </Page>
  );
}

function RevokeButton({ apiKey: { id, name } }: { readonly apiKey: ApiKey }) {
  const revoke = useRevokeKey();
  const tell = useNotice();
  const act = async () => {
    await revoke.mutateAsync(id);
    tell(`${name} was revoked.`);
  };
  return (
    <ConfirmButton label="Revoke" title={`Revoke ${name}?`} onConfirm={act}>
      Whoever uses it is refused at once: an Asterisk with it in its dialplan can no longer register calls.
    </ConfirmButton>
  );
}

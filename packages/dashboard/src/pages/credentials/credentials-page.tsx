import type { Credential } from '@rapida/client';
import { useState } from 'react';
import { Link } from 'react-router';
import { useCredentials, useCredentialUses, useRemoveCredential } from '../../data/credentials.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { Dialog } from '../../ui/dialog.js';
import { Ago } from '../../ui/moment.js';
import { useNotice } from '../../ui/notices.js';
import { Page } from '../../ui/page.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { CredentialForm } from './credential-form.js';
import { TestButton } from './test-button.js';

export default function CredentialsPage() {
  const credentials = useCredentials();
  const [edited, setEdited] = useState<Credential | 'new'>();
  const close = () => setEdited(undefined);
  const create = (
    <Button look="primary" onClick={() => setEdited('new')}>
      Create Credential
    </Button>
  );
  return (
    <Page
      title="Credentials"
      about="What opens your Asterisk and the providers. Values are sealed in the server and never come back here."
      actions={create}
    >
      <Answer of={credentials} what="the credentials">
        {(data) =>
          data.length === 0 ? (
            <Empty title="There is no credential yet.">
              <p>One of Asterisk is needed to place calls, one of a provider for its models and voices.</p>
              {create}
            </Empty>
          ) : (
            <CredentialTable credentials={data} onEdit={setEdited} />
          )
        }
      </Answer>
      {edited !== undefined && (
        <Dialog title={edited === 'new' ? 'Create Credential' : `Change ${edited.name}`} onClose={close}>
          <CredentialForm credential={edited === 'new' ? undefined : edited} onDone={close} />
        </Dialog>
      )}
    </Page>
  );
}

interface CredentialTableProps {
  readonly credentials: readonly Credential[];
  readonly onEdit: (credential: Credential) => void;
}

function CredentialTable({ credentials, onEdit }: CredentialTableProps) {
  const columns: readonly Column<Credential>[] = [
    { title: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
    { title: 'Of', cell: ({ provider }) => provider },
    {
      title: 'Holds',
      cell: ({ fields }) => <span className="text-xs text-muted">{fields.join(', ')}</span>,
      wideOnly: true,
    },
    { title: 'Used by', cell: ({ id }) => <Users credentialId={id} />, wideOnly: true },
    { title: 'Last used', cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} />, wideOnly: true },
    { title: 'Test', cell: ({ id, name }) => <TestButton id={id} name={name} /> },
    {
      title: 'Change',
      cell: (credential) => (
        <span className="flex flex-wrap gap-2">
          <Button aria-label={`Change ${credential.name}`} onClick={() => onEdit(credential)}>
            Change
          </Button>
          <RemoveButton credential={credential} />
        </span>
      ),
    },
  ];
  return <Table caption="Credentials" columns={columns} items={credentials} keyOf={({ id }) => id} />;
}

function Users({ credentialId }: { readonly credentialId: string }) {
  const { data: uses, error } = useCredentialUses(credentialId);
  if (uses === undefined) return <span className="text-muted">{error === null ? '...' : 'not known'}</span>;
  if (uses.length === 0) return <span className="text-muted">nobody</span>;
  return uses.map(({ assistantId, name }) => (
    <Link key={assistantId} to={`/assistants/${assistantId}`} className="mr-2 text-accent underline">
      {name}
    </Link>
  ));
}

function RemoveButton({ credential: { id, name } }: { readonly credential: Credential }) {
  const remove = useRemoveCredential();
  const tell = useNotice();
  const act = async () => {
    await remove.mutateAsync(id);
    tell(`${name} was removed.`);
  };
  return (
    <ConfirmButton label="Remove" title={`Remove ${name}?`} onConfirm={act}>
      Its value is gone then. A credential that an assistant uses stays.
    </ConfirmButton>
  );
}

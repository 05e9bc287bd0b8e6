import type { Assistant } from '@rapida/client';
import type { ReactNode } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { useAssistant, useRemoveAssistant } from '../../data/assistants.js';
import { useMay } from '../../data/session.js';
import { classNames } from '../../ui/class-names.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { Page } from '../../ui/page.js';
import { Answer } from '../../ui/states.js';

const PARTS = [
  { to: '', label: 'Edit' },
  { to: '/versions', label: 'Versions' },
  { to: '/phone', label: 'Telephone' },
  { to: '/test', label: 'Test call' },
] as const;

/** What the pages of one assistant have around them. */
export function AssistantFrame({ children }: { readonly children: (assistant: Assistant) => ReactNode }) {
  const { id = '' } = useParams();
  const assistant = useAssistant(id);
  return (
    <Answer of={assistant} what="the assistant">
      {(data) => (
        <Page title={data.name} about={`Version ${data.version} is live`} actions={<RemoveButton assistant={data} />}>
          <nav aria-label="Parts of the assistant" className="mb-3 flex gap-1 overflow-x-auto border-b border-line">
            {PARTS.map(({ to, label }) => (
              <NavLink key={to} to={`/assistants/${id}${to}`} end className={partClass}>
                {label}
              </NavLink>
            ))}
          </nav>
          {children(data)}
        </Page>
      )}
    </Answer>
  );
}

function partClass({ isActive }: { readonly isActive: boolean }): string {
  return classNames(
    '-mb-px min-h-9 border-b-2 px-3 py-1.5 font-medium whitespace-nowrap hover:text-text focus-visible:-outline-offset-2',
    isActive ? 'border-accent text-text' : 'border-transparent text-muted',
  );
}

function RemoveButton({ assistant: { id, name } }: { readonly assistant: Assistant }) {
  const remove = useRemoveAssistant();
  const navigate = useNavigate();
  if (!useMay('admin')) return null;
  const act = async () => {
    await remove.mutateAsync(id);
    await navigate('/assistants');
  };
  return (
    <ConfirmButton label="Remove" title={`Remove ${name}?`} onConfirm={act}>
      It goes with all its versions, and calls to it are refused from now on. The records of its calls stay.
    </ConfirmButton>
  );
}

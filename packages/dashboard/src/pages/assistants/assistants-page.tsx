import type { Assistant } from '@rapida/client';
import { Link } from 'react-router';
import { useAssistants } from '../../data/assistants.js';
import { useMay } from '../../data/session.js';
import { Badge } from '../../ui/badge.js';
import { ButtonLink } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';

const COLUMNS: readonly Column<Assistant>[] = [
  {
    title: 'Name',
    cell: ({ id, name }) => (
      <Link to={`/assistants/${id}`} className="font-medium text-accent hover:underline">
        {name}
      </Link>
    ),
  },
  { title: 'Version', cell: ({ version }) => <span className="figure">{version}</span>, className: 'w-20' },
  { title: 'Engines', cell: enginesOf, wideOnly: true, className: 'text-muted' },
  { title: 'Language', cell: ({ language }) => language, wideOnly: true },
  {
    title: 'Telephone',
    cell: ({ phoneDeployment: { enabled } }) =>
      enabled ? <Badge tone="good">Enabled</Badge> : <Badge>Disabled</Badge>,
  },
  { title: 'Saved', cell: ({ updatedAt }) => <Moment at={updatedAt} />, wideOnly: true },
  {
    title: 'Try it',
    cell: ({ id, name }) => (
      <Link to={`/assistants/${id}/test`} className="text-accent underline" aria-label={`Test call to ${name}`}>
        Test call
      </Link>
    ),
  },
];

function enginesOf({ realtime, stt, llm, tts }: Assistant): string {
  if (realtime !== undefined) return `${realtime.provider} (hears and speaks itself)`;
  return [...new Set([stt.provider, llm.provider, tts.provider])].join(', ');
}

export default function AssistantsPage() {
  const assistants = useAssistants();
  const isAdmin = useMay('admin');
  const create = (
    <ButtonLink to="/assistants/new" look="primary">
      New assistant
    </ButtonLink>
  );
  return (
    <Page title="Assistants" about="Who speaks on your telephone lines." actions={isAdmin && create}>
      <Answer of={assistants} what="the assistants">
        {(data) =>
          data.length === 0 ? (
            <Empty title="There is no assistant yet.">
              <p>An assistant answers calls and places them. A name is enough to begin with.</p>
              {isAdmin && create}
            </Empty>
          ) : (
            <Table caption="Assistants" columns={COLUMNS} items={data} keyOf={({ id }) => id} />
          )
        }
      </Answer>
    </Page>
  );
}

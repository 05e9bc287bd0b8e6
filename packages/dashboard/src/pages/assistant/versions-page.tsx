import type { Assistant, AssistantVersion } from '@rapida/client';
import { useState } from 'react';
import { Link } from 'react-router';
import { configOf, usePublishVersion, useVersion, useVersions } from '../../data/assistants.js';
import { useMay } from '../../data/session.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { Moment } from '../../ui/moment.js';
import { useNotice } from '../../ui/notices.js';
import { Section } from '../../ui/page.js';
import { Answer } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { AssistantFrame } from './assistant-frame.js';
import { Changes } from './changes.js';
import { diffConfigs } from './config-diff.js';

export default function VersionsPage() {
  return <AssistantFrame>{(assistant) => <Versions key={assistant.id} assistant={assistant} />}</AssistantFrame>;
}

function Versions({ assistant }: { readonly assistant: Assistant }) {
  const versions = useVersions(assistant.id);
  const [shown, setShown] = useState<number>();
  const isAdmin = useMay('admin');
  const columns: readonly Column<AssistantVersion>[] = [
    { title: 'Version', cell: ({ version }) => <span className="figure font-medium">{version}</span> },
    { title: 'Saved', cell: ({ savedAt }) => <Moment at={savedAt} /> },
    { title: 'Name', cell: ({ name }) => name, wideOnly: true },
    { title: 'State', cell: ({ live }) => (live ? <Badge tone="good">Live</Badge> : null) },
    {
      title: 'What to do',
      cell: (version) => (
        <Actions
          assistant={assistant}
          version={version}
          mayPublish={isAdmin}
          isShown={shown === version.version}
          onShow={() => setShown(version.version)}
        />
      ),
    },
  ];
  return (
    <Answer of={versions} what="the versions">
      {({ pages }) => (
        <>
          <Table
            caption="Versions, newest first"
            columns={columns}
            items={pages.flatMap(({ data }) => data)}
            keyOf={({ version }) => String(version)}
          />
          {versions.hasNextPage && (
            <Button className="mt-2" onClick={() => void versions.fetchNextPage()}>
              Show older ones
            </Button>
          )}
          {shown !== undefined && <Comparison assistant={assistant} version={shown} />}
        </>
      )}
    </Answer>
  );
}

interface ActionsProps {
  readonly assistant: Assistant;
  readonly version: AssistantVersion;
  readonly mayPublish: boolean;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function Actions({ assistant, version: { version, live }, mayPublish, isShown, onShow }: ActionsProps) {
  const publish = usePublishVersion(assistant.id);
  const tell = useNotice();
  if (live) return <span className="text-muted">Calls are held with it</span>;
  const isOlder = version < assistant.version;
  const act = async () => {
    await publish.mutateAsync(version);
    tell(`Version ${version} is live.`);
  };
  return (
    <span className="flex flex-wrap gap-2">
      <Button aria-pressed={isShown} aria-label={`Compare version ${version} with the live one`} onClick={onShow}>
        Compare
      </Button>
      <Link
        to={`/assistants/${assistant.id}?version=${version}`}
        className="self-center text-accent underline"
        aria-label={`Edit on from version ${version}`}
      >
        Edit on
      </Link>
      {mayPublish && (
        <ConfirmButton
          label={isOlder ? 'Roll back' : 'Publish'}
          title={isOlder ? `Roll back to version ${version}?` : `Publish version ${version}?`}
          look="plain"
          onConfirm={act}
        >
          Calls from now on are held with it; calls that are held keep the version they began with.
        </ConfirmButton>
      )}
    </span>
  );
}

function Comparison({ assistant, version }: { readonly assistant: Assistant; readonly version: number }) {
  const other = useVersion(assistant.id, version);
  return (
    <div className="mt-4">
      <Section title={`From version ${assistant.version}, which is live, to version ${version}`}>
        <Answer of={other} what={`version ${version}`}>
          {(data) => <Changes changes={diffConfigs(configOf(assistant), configOf(data))} />}
        </Answer>
      </Section>
    </div>
  );
}

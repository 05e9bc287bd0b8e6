import type { OverviewFigures } from '@rapida/client';
import { Section } from '../../ui/page.js';
import { type Column, Table } from '../../ui/table.js';

type Row = OverviewFigures['providers'][number];

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Provider', cell: ({ provider }) => provider },
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Errors', cell: ({ errors }) => <span className="figure">{errors}</span> },
];

export function ProviderErrors({ providers }: Pick<OverviewFigures, 'providers'>) {
  return (
    <Section title="Provider errors">
      <Table
        caption="Errors of providers"
        columns={COLUMNS}
        items={providers}
        keyOf={({ provider, kind }) => `${provider} ${kind}`}
      />
    </Section>
  );
}

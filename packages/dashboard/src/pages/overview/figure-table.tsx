import { Link } from 'react-router';
import type { Overview } from '../../data/overview.js';
import { latency } from '../../format/times.js';
import { Moment } from '../../ui/moment.js';
import { Section } from '../../ui/page.js';
import { type Column, Table } from '../../ui/table.js';
import { callsLink } from './ranges.js';

type Bucket = Overview['buckets'][number];

/** What the charts show, in figures: for whoever does not see them, and to copy. */
export function FigureTable({ overview: { buckets, bucket, until } }: { readonly overview: Overview }) {
  const shown = buckets.filter(({ calls }) => calls > 0);
  const columns: readonly Column<Bucket>[] = [
    { title: bucket === 'hour' ? 'Hour' : 'Day', cell: ({ at }) => <Moment at={at} /> },
    {
      title: 'Calls',
      cell: ({ at, calls }) => (
        <Link to={callsLink({ since: at, until: endOf(at, buckets, until) })} className="figure text-accent underline">
          {calls}
        </Link>
      ),
    },
    { title: 'Completed', cell: ({ outcomes }) => <span className="figure">{outcomes.completed ?? 0}</span> },
    { title: 'Failed', cell: ({ outcomes }) => <span className="figure">{outcomes.failed ?? 0}</span> },
    {
      title: 'Half within',
      cell: ({ responseMs }) => (responseMs === null ? '-' : latency(responseMs.p50)),
      wideOnly: true,
    },
    {
      title: '95 % within',
      cell: ({ responseMs }) => (responseMs === null ? '-' : latency(responseMs.p95)),
      wideOnly: true,
    },
    { title: 'Interruptions', cell: ({ interruptions }) => interruptions, wideOnly: true },
    { title: 'Provider errors', cell: ({ providerErrors }) => providerErrors, wideOnly: true },
  ];
  return (
    <Section title="In figures">
      <Table caption="Figures over time" columns={columns} items={shown} keyOf={({ at }) => at} />
    </Section>
  );
}

function endOf(at: string, buckets: readonly Bucket[], until: string): string {
  return buckets[buckets.findIndex((one) => one.at === at) + 1]?.at ?? until;
}

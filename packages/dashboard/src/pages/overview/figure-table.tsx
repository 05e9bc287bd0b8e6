import type { OverviewFigures } from '@rapida/client';
import { Link } from 'react-router';
import { latency } from '../../format/times.js';
import { Moment } from '../../ui/moment.js';
import { Section } from '../../ui/page.js';
import { type Column, Table } from '../../ui/table.js';
import { callsLink } from './ranges.js';

type Bucket = OverviewFigures['buckets'][number];

/** What the charts show, in figures: for whoever does not see them, and to copy. */
export function FigureTable({ overview: { buckets, bucket, until } }: { readonly overview: OverviewFigures }) {
  const shown = buckets.filter(({ calls }) => calls > 0);
  const figure = (bucket: Bucket, value: string | number, more: Readonly<Record<string, string>> = {}) => {
    const { at } = bucket;
    // Nothing is behind a nought.
    if (value === 0 || value === '-') return <span className="figure">{value}</span>;
    return (
      <Link
        to={callsLink({ since: at, until: endOf(at, buckets, until) }, more)}
        className="figure text-accent underline"
      >
        {value}
      </Link>
    );
  };
  const columns: readonly Column<Bucket>[] = [
    { title: bucket === 'hour' ? 'Hour' : 'Day', cell: ({ at }) => <Moment at={at} /> },
    { title: 'Calls', cell: (one) => figure(one, one.calls) },
    { title: 'Completed', cell: (one) => figure(one, one.outcomes.completed ?? 0, { state: 'completed' }) },
    { title: 'Failed', cell: (one) => figure(one, one.outcomes.failed ?? 0, { state: 'failed' }) },
    { title: 'Half within', cell: (one) => responseOf(one, 'p50'), wideOnly: true },
    { title: '95 % within', cell: (one) => responseOf(one, 'p95'), wideOnly: true },
    { title: 'Interruptions', cell: (one) => figure(one, one.interruptions, { interrupted: 'true' }), wideOnly: true },
    {
      title: 'Provider errors',
      cell: (one) => figure(one, one.providerErrors, { event: 'provider.failed' }),
      wideOnly: true,
    },
  ];
  const isPart = shown.some(({ calls, detailed }) => detailed < calls);
  return (
    <Section title="In figures">
      <Table caption="Figures over time" columns={columns} items={shown} keyOf={({ at }) => at} />
      {isPart && (
        <p className="mt-2 text-xs text-muted">
          Times, interruptions and provider errors are those of the newest 500 calls of each {bucket}.
        </p>
      )}
    </Section>
  );
}

function responseOf({ responseMs }: Bucket, which: 'p50' | 'p95'): string {
  return responseMs === null ? '-' : latency(responseMs[which]);
}

function endOf(at: string, buckets: readonly Bucket[], until: string): string {
  return buckets[buckets.findIndex((one) => one.at === at) + 1]?.at ?? until;
}

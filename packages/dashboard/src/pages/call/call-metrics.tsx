import type { CallMetric } from '@rapida/client';
import { useCallMetrics } from '../../data/calls.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';

const COLUMNS: readonly Column<CallMetric>[] = [
  { title: 'Metric', cell: ({ name }) => <code>{name}</code> },
  {
    title: 'Value',
    cell: ({ value }) => <span className="figure">{typeof value === 'string' ? value : JSON.stringify(value)}</span>,
  },
];

export function CallMetrics({ callId }: { readonly callId: string }) {
  const metrics = useCallMetrics(callId);
  return (
    <Answer of={metrics} what="the metrics">
      {(data) =>
        data.length === 0 ? (
          <Empty title="No figures yet.">
            <p>Most are there when the call has ended.</p>
          </Empty>
        ) : (
          <Table caption="Metrics of the call" columns={COLUMNS} items={data} keyOf={({ name }) => name} />
        )
      }
    </Answer>
  );
}

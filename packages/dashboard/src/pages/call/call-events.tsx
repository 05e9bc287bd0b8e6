import type { CallEvent } from '@rapida/client';
import { useCallEvents } from '../../data/calls.js';
import { Moment } from '../../ui/moment.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';

const COLUMNS: readonly Column<CallEvent>[] = [
  { title: 'No.', cell: ({ seq }) => seq, className: 'w-12 figure text-muted' },
  { title: 'When', cell: ({ at }) => <Moment at={at} />, className: 'w-32' },
  { title: 'What', cell: ({ type }) => <code>{type}</code> },
  {
    title: 'Data',
    cell: ({ data }) => <code className="text-xs [overflow-wrap:anywhere] text-muted">{JSON.stringify(data)}</code>,
  },
];

export function CallEvents({ callId }: { readonly callId: string }) {
  const events = useCallEvents(callId);
  return (
    <Answer of={events} what="the events">
      {(data) =>
        data.length === 0 ? (
          <Empty title="Nothing has happened yet." />
        ) : (
          <Table caption="Events of the call" columns={COLUMNS} items={data} keyOf={({ seq }) => String(seq)} />
        )
      }
    </Answer>
  );
}

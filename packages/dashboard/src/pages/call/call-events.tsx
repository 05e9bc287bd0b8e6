import type { CallEvent } from '@rapida/client';
import { useState } from 'react';
import { useCallEvents } from '../../data/calls.js';
import { Button } from '../../ui/button.js';
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

/** Of a call of hours there are thousands, each as high as its data: so many more are shown whenever it is asked for. */
const SHOWN_AT_ONCE = 300;

export function CallEvents({ callId }: { readonly callId: string }) {
  const events = useCallEvents(callId);
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  return (
    <Answer of={events} what="the events">
      {(data) =>
        data.length === 0 ? (
          <Empty title="Nothing has happened yet." />
        ) : (
          <>
            <Table
              caption="Events of the call"
              columns={COLUMNS}
              items={data.slice(0, shown)}
              keyOf={({ seq }) => String(seq)}
            />
            {data.length > shown && (
              <Button className="mt-2" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
                Show more of {data.length} events
              </Button>
            )}
          </>
        )
      }
    </Answer>
  );
}

import { Link } from 'react-router';
import { isOver, useCallStates } from '../../data/calls.js';
import { CallStateBadge } from '../../ui/badge.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Section } from '../../ui/page.js';
import { saveFile } from '../../ui/save-file.js';
import { Failure } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { VirtualTable } from '../../ui/virtual-table.js';
import { CancelWaiting } from './cancel-waiting.js';
import type { Placing } from './placing.js';
import { type ListResult, resultsCsv } from './results-csv.js';
import { tallyOf } from './tally.js';

interface ListProgressProps {
  readonly placing: Placing;
  readonly onStop: () => void;
}

/** How far the placing is, and what became of the calls. */
export function ListProgress({ placing: { state, placed, orders, error }, onStop }: ListProgressProps) {
  const states = useCallStates(placed);
  const rows = placed.map(({ id, status }, at) => ({ id, state: states.get(id) ?? status, order: orders[at] }));
  const total = orders.length;
  const waiting = rows.filter((row) => row.state === 'queued').map(({ id }) => id);
  const over = rows.filter((row) => isOver(row as Parameters<typeof isOver>[0])).length;
  return (
    <>
      <Section
        title="Placing"
        actions={
          state === 'placing' ? (
            <Button onClick={onStop}>Stop</Button>
          ) : (
            <ButtonLink to="/calls" look="primary">
              See the calls
            </ButtonLink>
          )
        }
      >
        <Bar label="Placed" value={placed.length} max={total} />
        <Bar label="Over" value={over} max={total} />
        <p role="status" className="mt-2">
          {WORDS[state]}
        </p>
        {error !== null && <Failure error={error} />}
      </Section>
      <Section
        title="What became of them"
        actions={
          <>
            <CancelWaiting ids={waiting} />
            <Button
              disabled={rows.length === 0}
              onClick={() => saveFile('calls-of-the-list.csv', resultsCsv(rows), 'text/csv')}
            >
              Download as CSV
            </Button>
          </>
        }
      >
        <Table caption="Calls by state" columns={TALLY} items={tallyOf(rows)} keyOf={(one) => one.state} />
      </Section>
      <VirtualTable caption="Calls of the list" columns={COLUMNS} items={rows} keyOf={({ id }) => id} />
    </>
  );
}

const WORDS: Readonly<Record<Placing['state'], string>> = {
  idle: '',
  placing: 'The calls are being put into the queue.',
  done: 'All of them are in the queue, or further.',
  stopped:
    'Stopped: what was placed stays placed. The same list, placed again in this tab, goes on where this stopped.',
  failed: 'The rest was not placed; what was placed stays placed.',
};

const TALLY: readonly Column<{ readonly state: string; readonly count: number }>[] = [
  { title: 'State', cell: ({ state }) => <CallStateBadge state={state} /> },
  { title: 'Calls', cell: ({ count }) => <span className="figure">{count}</span> },
];

const COLUMNS: readonly Column<ListResult>[] = [
  {
    title: 'Call',
    cell: ({ id }) => (
      <Link to={`/calls/${id}`} className="text-accent underline">
        {id}
      </Link>
    ),
  },
  { title: 'To', cell: ({ order }) => order?.to ?? '' },
  { title: 'State', cell: ({ state }) => <CallStateBadge state={state} /> },
];

function Bar({ label, value, max }: { readonly label: string; readonly value: number; readonly max: number }) {
  return (
    <label className="mb-1 grid grid-cols-[4rem_minmax(0,1fr)_6rem] items-center gap-2">
      <span>{label}</span>
      <progress value={value} max={Math.max(1, max)} className="h-3 w-full accent-(--accent)" />
      <span className="figure text-right">
        {value} of {max}
      </span>
    </label>
  );
}

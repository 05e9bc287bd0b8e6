import type { OverviewFigures } from '@rapida/client';
import { Link } from 'react-router';
import { useNodes } from '../../data/nodes.js';
import { useMay } from '../../data/session.js';
import { latency } from '../../format/times.js';
import { callsLink } from './ranges.js';

/** The figures that one looks at first, each a link to what is behind it. */
export function Tiles({ overview }: { readonly overview: OverviewFigures }) {
  const { totals, now } = overview;
  const { completed = 0, failed = 0 } = totals.outcomes;
  const { responseMs } = totals;
  const share = totals.calls === 0 ? '' : ` (${Math.round((completed / totals.calls) * 100)} %)`;
  return (
    <ul className="mb-5 grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-2">
      <Tile
        to="/calls"
        label={now.limit === 0 ? 'Calls now' : `Calls now, of ${now.limit} at most`}
        value={String(now.calls)}
      />
      <Tile to={callsLink(overview)} label="Calls" value={String(totals.calls)} />
      <Tile to={callsLink(overview, { state: 'completed' })} label="Completed" value={`${completed}${share}`} />
      <Tile to={callsLink(overview, { state: 'failed' })} label="Failed" value={String(failed)} />
      <Tile
        to={callsLink(overview, slowerThan(responseMs?.p50))}
        label="First sound, half within"
        value={responseMs === null ? '-' : latency(responseMs.p50)}
      />
      <Tile
        to={callsLink(overview, slowerThan(responseMs?.p95))}
        label="First sound, 95 % within"
        value={responseMs === null ? '-' : latency(responseMs.p95)}
      />
      <Tile
        to={callsLink(overview, { interrupted: 'true' })}
        label="Interruptions"
        value={String(totals.interruptions)}
      />
      <Tile
        to={callsLink(overview, { event: 'provider.failed' })}
        label="Provider errors"
        value={String(totals.providerErrors)}
      />
      {useMay('admin') && <NodesTile />}
    </ul>
  );
}

/** Those that were slower: whoever looks at a limit wants to see what is beyond it. */
function slowerThan(ms: number | undefined): Readonly<Record<string, string>> {
  return ms === undefined ? {} : { slowerThanMs: String(Math.ceil(ms)) };
}

function NodesTile() {
  const { data: nodes } = useNodes();
  const up = nodes?.filter(({ state }) => state === 'up').length;
  return <Tile to="/nodes" label="Nodes up" value={nodes === undefined ? '-' : `${up} of ${nodes.length}`} />;
}

interface TileProps {
  readonly to: string;
  readonly label: string;
  readonly value: string;
}

function Tile({ to, label, value }: TileProps) {
  return (
    <li>
      <Link to={to} className="flex h-full flex-col rounded-lg border border-line bg-surface px-3 py-2 hover:bg-sunken">
        <span className="text-xs text-muted">{label}</span>
        <span className="figure text-xl font-semibold" data-figure={label}>
          {value}
        </span>
      </Link>
    </li>
  );
}

import type { Node } from '@rapida/client';
import { useNodes } from '../../data/nodes.js';
import type { Tone } from '../../format/call-words.js';
import { latency } from '../../format/times.js';
import { Badge } from '../../ui/badge.js';
import { Ago, Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';

const STATES: Readonly<Record<Node['state'], { readonly text: string; readonly tone: Tone }>> = {
  up: { text: 'Up', tone: 'good' },
  draining: { text: 'Draining: takes no new calls', tone: 'warn' },
  lost: { text: 'Lost', tone: 'bad' },
};

const COLUMNS: readonly Column<Node>[] = [
  { title: 'Node', cell: ({ id }) => <code>{id}</code> },
  { title: 'State', cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].text}</Badge> },
  { title: 'Calls', cell: ({ calls }) => <span className="figure">{calls}</span> },
  { title: 'Delay', cell: ({ loopDelayMs }) => <span className="figure">{latency(loopDelayMs)}</span> },
  { title: 'Host', cell: ({ host }) => host, wideOnly: true },
  { title: 'Version', cell: ({ version }) => version, wideOnly: true },
  { title: 'Started', cell: ({ startedAt }) => <Moment at={startedAt} />, wideOnly: true },
  { title: 'Seen', cell: ({ seenAt }) => <Ago at={seenAt} />, wideOnly: true },
];

export default function NodesPage() {
  const nodes = useNodes();
  return (
    <Page
      title="Nodes"
      about="The processes of this installation. Delay is how late their event loop is, 99th percentile."
    >
      <Answer of={nodes} what="the nodes">
        {(data) =>
          data.length === 0 ? (
            <Empty title="No node has said how it is yet." />
          ) : (
            <Table caption="Nodes" columns={COLUMNS} items={data} keyOf={({ id }) => id} />
          )
        }
      </Answer>
    </Page>
  );
}

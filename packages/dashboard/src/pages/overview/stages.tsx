import type { Percentiles } from '../../data/overview.js';
import { latency } from '../../format/times.js';
import { type Column, Table } from '../../ui/table.js';

const LABELS: Readonly<Record<string, string>> = {
  eos_latency_ms: 'End of speech',
  stt_latency_ms: 'of it recognition',
  tools_ms: 'Tools',
  llm_ttft_ms: 'Model',
  llm_piece_ms: 'First sentence',
  tts_ttfb_ms: 'Voice',
};

type Row = Percentiles & { readonly label: string };

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Part', cell: ({ label }) => label },
  { title: 'Half within', cell: ({ p50 }) => <span className="figure">{latency(p50)}</span> },
  { title: '95 % within', cell: ({ p95 }) => <span className="figure">{latency(p95)}</span> },
];

/** What the time before an answer goes into. */
export function Stages({ parts }: { readonly parts: Readonly<Record<string, Percentiles>> }) {
  const rows = Object.entries(LABELS).flatMap(([name, label]) => {
    const part = parts[name];
    return part === undefined ? [] : [{ ...part, label }];
  });
  if (rows.length === 0) return null;
  return (
    <div className="mt-3 max-w-md">
      <Table caption="Parts of the time to an answer" columns={COLUMNS} items={rows} keyOf={({ label }) => label} />
    </div>
  );
}

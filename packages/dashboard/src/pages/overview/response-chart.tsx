import type { OverviewFigures } from '@rapida/client';
import { useMemo } from 'react';
import { latency } from '../../format/times.js';
import { Chart } from './chart.js';
import { bucketSeconds } from './chart-data.js';

export default function ResponseChart({ overview: { buckets } }: { readonly overview: OverviewFigures }) {
  const seconds = useMemo(() => bucketSeconds(buckets), [buckets]);
  const series = useMemo(
    () => [
      { label: 'Half within', colour: '--accent', values: buckets.map(({ responseMs }) => responseMs?.p50 ?? null) },
      { label: '95 % within', colour: '--warn', values: buckets.map(({ responseMs }) => responseMs?.p95 ?? null) },
    ],
    [buckets],
  );
  return (
    <Chart
      label="Time to the first sound of an answer, over time"
      kind="lines"
      seconds={seconds}
      series={series}
      valueText={latency}
    />
  );
}

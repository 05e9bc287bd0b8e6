import type { OverviewFigures } from '@rapida/client';
import { useMemo } from 'react';
import { stateWords } from '../../format/call-words.js';
import { Chart } from './chart.js';
import { bucketSeconds, piledOutcomes } from './chart-data.js';

const COLOURS: Readonly<Record<string, string>> = {
  completed: '--good',
  failed: '--bad',
  no_answer: '--warn',
  busy: '--caller',
  rejected: '--line-strong',
  cancelled: '--muted',
  expired: '--accent',
};

export default function OutcomeChart({ overview: { buckets } }: { readonly overview: OverviewFigures }) {
  const seconds = useMemo(() => bucketSeconds(buckets), [buckets]);
  const series = useMemo(
    () =>
      piledOutcomes(buckets).map(({ state, sums }) => ({
        label: stateWords(state).text,
        colour: COLOURS[state] ?? '--line-strong',
        values: sums,
      })),
    [buckets],
  );
  return <Chart label="Calls by outcome over time" kind="bars" seconds={seconds} series={series} valueText={String} />;
}

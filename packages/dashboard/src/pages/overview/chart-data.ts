import type { OverviewFigures } from '@rapida/client';

export interface OutcomeSeries {
  readonly state: string;
  /** Of each bucket, with all series before it: what is drawn one behind the other. */
  readonly sums: readonly number[];
}

/** The outcomes that there were, the most frequent at the bottom, piled up. */
export function piledOutcomes(buckets: OverviewFigures['buckets']): readonly OutcomeSeries[] {
  const counts = new Map<string, number>();
  for (const { outcomes } of buckets) {
    for (const [state, count] of Object.entries(outcomes)) counts.set(state, (counts.get(state) ?? 0) + count);
  }
  const states = [...counts].filter(([, count]) => count > 0).sort(([, one], [, other]) => other - one);
  let below: readonly number[] = buckets.map(() => 0);
  return states.map(([state]) => {
    below = buckets.map(({ outcomes }, index) => (below[index] ?? 0) + (outcomes[state] ?? 0));
    return { state, sums: below };
  });
}

/** Seconds since 1970, as charts want them. */
export function bucketSeconds(buckets: OverviewFigures['buckets']): readonly number[] {
  return buckets.map(({ at }) => Date.parse(at) / 1_000);
}

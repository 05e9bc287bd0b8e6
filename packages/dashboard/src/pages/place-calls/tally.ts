export interface Tally {
  readonly state: string;
  readonly count: number;
}

/** How many calls are in each state, the most first. */
export function tallyOf(calls: readonly { readonly state: string }[]): readonly Tally[] {
  const counts = new Map<string, number>();
  for (const { state } of calls) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => ({ state, count })).sort((one, other) => other.count - one.count);
}

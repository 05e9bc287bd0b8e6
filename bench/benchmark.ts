import type { Progress } from './progress.js';

/** One measured figure. */
export interface Row {
  /** Stable, unique within its benchmark: an earlier run is compared by it. */
  readonly name: string;
  readonly value: number;
  readonly unit: '% CPU' | 'ms' | 'kB' | 'of due' | 'frames' | 'calls';
  /** What the value is set in relation to: bare Node code in the same run, or what was configured. */
  readonly against?: { readonly name: string; readonly value: number };
  /** What the target and the comparison with an earlier run look at. Ratios carry over from machine to machine best. */
  readonly judgedBy: 'value' | 'ratio';
  readonly target?: { readonly min?: number; readonly max?: number };
}

export interface Benchmark {
  readonly name: string;
  /** What is measured, and how: one or two sentences for the reader of the report. */
  readonly how: string;
  run(progress: Progress): Promise<readonly Row[]>;
}

export function ratioOf(row: Row): number | undefined {
  return row.against === undefined || row.against.value === 0 ? undefined : row.value / row.against.value;
}

/** The value below which `share` of the values lie (nearest rank); NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

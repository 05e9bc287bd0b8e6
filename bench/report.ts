import { cpus } from 'node:os';
import { type Benchmark, type Row, ratioOf } from './benchmark.js';

/** What a run leaves behind, and what a later one is compared with. */
export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly benchmarks: Readonly<Record<string, readonly Row[]>>;
}

export function describeMachine(): string {
  const cores = cpus();
  return `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), ${process.platform} ${process.arch}, Node ${process.version}`;
}

const HEADINGS = ['', 'measured', 'against', 'ratio', 'target', 'vs earlier'];

/** The rows of one benchmark as a table. `earlier` are the rows of the run it is compared with. */
export function formatTable({ name, how }: Benchmark, rows: readonly Row[], earlier: readonly Row[]): string {
  const lines = [
    HEADINGS,
    ...rows.map((row) =>
      cellsOf(
        row,
        earlier.find((one) => one.name === row.name),
      ),
    ),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const aligned = lines.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [`${name}: ${how}`, ...aligned.map((line) => `  ${line}`)].join('\n');
}

function cellsOf(row: Row, earlier: Row | undefined): string[] {
  const { value, unit, against } = row;
  const ratio = ratioOf(row);
  return [
    row.name,
    withUnit(value, unit),
    against === undefined ? '' : `${withUnit(against.value, unit)} ${against.name}`,
    ratio === undefined ? '' : `${ratio.toFixed(3)}x`,
    targetOf(row),
    earlier === undefined ? '' : comparison(row, earlier),
  ];
}

function withUnit(value: number, unit: Row['unit']): string {
  const digits = unit === 'of due' ? 4 : Math.abs(value) < 10 ? 2 : 1;
  return unit === 'of due' ? value.toFixed(digits) : `${value.toFixed(digits)} ${unit}`;
}

function targetOf(row: Row): string {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = row.target ?? {};
  if (row.target === undefined) return '';
  const judged = judgedOf(row);
  const range = min === Number.NEGATIVE_INFINITY ? `<= ${max}` : `${min}-${max}`;
  return `${range} ${judged !== undefined && judged >= min && judged <= max ? 'met' : 'MISSED'}`;
}

function comparison(row: Row, earlier: Row): string {
  const [now, then] = [judgedOf(row), judgedOf(earlier)];
  return now === undefined || then === undefined || then === 0 ? '' : `${(now / then).toFixed(2)}x`;
}

function judgedOf(row: Row): number | undefined {
  return row.judgedBy === 'ratio' ? ratioOf(row) : row.value;
}

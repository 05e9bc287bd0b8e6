import type { CsvRecord } from '@rapida/client';
import { callerIdProblem, numberProblem, type Order, type OrderBase, orderFrom, textsProblem } from './order.js';

export interface LinedOrder {
  /** Of the file, from 1. */
  readonly line: number;
  readonly order: Order;
}

const PROBLEMS_SHOWN_MAX = 5;

/**
 * The calls of a list: a header with the columns `to`, perhaps `from`, and any other, which becomes metadata under its
 * name. Fails with what is wrong and in which lines, before anything is done about any of them.
 */
export function ordersFromCsv(file: string, records: readonly CsvRecord[], base: OrderBase): LinedOrder[] {
  const [header, ...rows] = records;
  const columns = columnsOf(file, header);
  if (rows.length === 0) throw new Error(`${file}: no numbers below the header`);
  const problems: string[] = [];
  const orders = rows.flatMap(({ line, cells }) => {
    const row = rowOf(columns, cells);
    const order = orderFrom(base, row);
    const problem =
      cells.length === columns.length
        ? (numberProblem(row.to) ??
          (row.from ? callerIdProblem(row.from) : undefined) ??
          within('metadata', textsProblem(order.metadata)))
        : `${cells.length} cells where the header has ${columns.length}`;
    if (problem === undefined) return [{ line, order }];
    problems.push(`line ${line}: ${problem}`);
    return [];
  });
  if (problems.length === 0) return orders;
  const more = problems.length - PROBLEMS_SHOWN_MAX;
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).join('; ');
  throw new Error(`${file}: nothing was sent: ${shown}${more > 0 ? `; and ${more} more` : ''}`);
}

function columnsOf(file: string, header: CsvRecord | undefined): readonly string[] {
  const columns = header?.cells.map((name) => name.trim()) ?? [];
  const at = `${file}: line ${header?.line ?? 1}`;
  if (!columns.includes('to')) {
    throw new Error(`${at}: the header needs a column "to"; it has: ${columns.join(', ') || 'nothing'}`);
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${at}: the header has "${twice}" twice`);
  if (columns.includes('')) throw new Error(`${at}: the header has a column without a name`);
  return columns;
}

function rowOf(columns: readonly string[], cells: readonly string[]) {
  const entries = columns.map((name, index) => [name, cells[index] ?? ''] as const);
  const { to = '', from = '', ...metadata } = Object.fromEntries(entries);
  return { to: to.trim(), from: from.trim(), metadata };
}

function within(what: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${what}: ${problem}`;
}

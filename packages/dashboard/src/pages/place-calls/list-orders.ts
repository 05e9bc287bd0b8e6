import { CsvProblem, type NewCall, parseCsv } from '@rapida/client';
import { sentence } from '../../data/explain.js';

export interface ListOrder {
  readonly line: number;
  readonly call: Omit<NewCall, 'assistantId'>;
}

export interface OrderList {
  readonly orders: readonly ListOrder[];
  /** Nothing is placed while there are any. */
  readonly problems: readonly string[];
}

/** What the server takes as a number to call, and as a caller id. */
const NUMBER = /^\+?[0-9*#]{1,32}$/;
const CALLER_ID = /^(?:\+?[0-9*#]{1,32}|[A-Za-z0-9 ._-]{1,60} <\+?[0-9*#]{1,32}>)$/;

/** The calls of a list: a header with `to`, perhaps `from`, and any other column, which becomes metadata under its name. */
export function ordersFrom(text: string): OrderList {
  try {
    return ordersOf(parseCsv(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    if (error instanceof CsvProblem) return { orders: [], problems: [sentence(error.message)] };
    throw error;
  }
}

function ordersOf([header, ...rows]: ReturnType<typeof parseCsv>): OrderList {
  const columns = header?.cells ?? [];
  const problem = headerProblem(columns) ?? (rows.length === 0 ? 'There are no numbers below the header.' : undefined);
  if (problem !== undefined) return { orders: [], problems: [problem] };
  const read = rows.map(({ line, cells }) => orderOf(line, columns, cells));
  return {
    orders: read.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    problems: read.filter((one): one is string => typeof one === 'string'),
  };
}

function headerProblem(columns: readonly string[]): string | undefined {
  if (!columns.includes('to')) return `The first line needs a column "to"; it has: ${columns.join(', ') || 'nothing'}.`;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) return `The first line has "${twice}" twice.`;
  return columns.includes('') ? 'The first line has a column without a name.' : undefined;
}

function orderOf(line: number, columns: readonly string[], cells: readonly string[]): ListOrder | string {
  if (cells.length !== columns.length)
    return `Line ${line}: ${cells.length} cells where the first line has ${columns.length}.`;
  const {
    to = '',
    from = '',
    ...metadata
  } = Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']));
  const number = to.replaceAll(/[\s()./-]/g, '');
  if (!NUMBER.test(number)) return `Line ${line}, column "to": "${to}" is no number to call.`;
  if (from !== '' && !CALLER_ID.test(from)) return `Line ${line}, column "from": "${from}" is no caller id.`;
  return { line, call: { to: number, ...(from !== '' && { from }), metadata } };
}

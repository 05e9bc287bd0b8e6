import { RapidaError } from '@rapida/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.js';
import { isPostgres } from '../database/dialect.js';
import { reportFailures } from '../database/failures.js';
import type { Tables } from '../database/tables.js';
import { type Counts, checkHeader, type Row, readEntry } from './file-format.js';
import { type MovedTable, TABLES_IN_ORDER } from './tables-in-order.js';

/** In one statement: a row has up to some 30 columns, and SQLite takes 32 766 values. */
const ROWS_AT_ONCE = 200;

/**
 * Puts an export into a database that has nothing in it: all of it or, whatever goes wrong, nothing. Refuses with
 * `invalid_request` what is no whole export, and a database with anything in it. `onRows` hears how many are stored so far.
 */
export function importData(
  database: Database,
  lines: AsyncIterable<string>,
  onRows: (count: number) => void = () => {},
): Promise<Counts> {
  const importing = () => database.kysely.transaction().execute((transaction) => importAll(transaction, lines, onRows));
  return reportFailures('data', { import: importing }).import();
}

async function importAll(
  transaction: Transaction<Tables>,
  lines: AsyncIterable<string>,
  onRows: (count: number) => void,
): Promise<Counts> {
  await holdEmpty(transaction);
  const batch = new Batch(transaction, onRows);
  let counts: Counts | undefined;
  let number = 0;
  for await (const line of lines) {
    number++;
    if (number === 1) {
      checkHeader(line);
      continue;
    }
    if (counts !== undefined) throw new RapidaError('invalid_request', `line ${number}: there is more after the end.`);
    const entry = readEntry(line, number);
    if ('counts' in entry) counts = entry.counts;
    else await batch.add(entry.table, entry.row);
  }
  if (number === 0) checkHeader(undefined);
  if (counts === undefined) throw new RapidaError('invalid_request', 'It was cut off: its last line is missing.');
  await batch.store();
  await verify(transaction, counts);
  await countForPlans(transaction);
  return counts;
}

/** Rows of one table on their way in. */
class Batch {
  readonly #transaction: Transaction<Tables>;
  readonly #onRows: (count: number) => void;
  #table: MovedTable | undefined;
  #rows: Row[] = [];
  #stored = 0;

  constructor(transaction: Transaction<Tables>, onRows: (count: number) => void) {
    this.#transaction = transaction;
    this.#onRows = onRows;
  }

  async add(table: MovedTable, row: Row): Promise<void> {
    if (table !== this.#table || this.#rows.length >= ROWS_AT_ONCE) await this.store();
    this.#table = table;
    this.#rows.push(row);
  }

  async store(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    const [first] = rows;
    if (first === undefined || this.#table === undefined) return;
    const columns = Object.keys(first);
    const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
    await sql`insert into ${sql.table(this.#table)} (${sql.join(columns.map((column) => sql.ref(column)))})
      values ${sql.join(values)}`.execute(this.#transaction);
    this.#stored += rows.length;
    this.#onRows(this.#stored);
  }
}

/** A server that starts meanwhile waits before it makes its first project, and finds ours. */
async function holdEmpty(transaction: Transaction<Tables>): Promise<void> {
  if (isPostgres(transaction)) await sql`lock table projects in share row exclusive mode`.execute(transaction);
  const counts = await countAll(transaction);
  const filled = Object.entries(counts).filter(([, count]) => count > 0);
  if (filled.length === 0) return;
  const found = filled.map(([table, count]) => `${table} (${count})`).join(', ');
  throw new RapidaError(
    'invalid_request',
    `The database is not empty: there are ${found}. Data is put into a new one, before the first start of a server on it.`,
  );
}

async function verify(transaction: Transaction<Tables>, expected: Counts): Promise<void> {
  const counts = await countAll(transaction);
  for (const table of TABLES_IN_ORDER) {
    if (counts[table] === expected[table]) continue;
    throw new RapidaError(
      'invalid_request',
      `It is not whole: of ${table} it should have ${expected[table] ?? 'none'} and has ${counts[table]}.`,
    );
  }
}

/** Else PostgreSQL takes the tables to be small for a minute, and reads all of them to find a few rows. */
async function countForPlans(transaction: Transaction<Tables>): Promise<void> {
  if (!isPostgres(transaction)) return;
  await sql`analyze ${sql.join(TABLES_IN_ORDER.map((table) => sql.table(table)))}`.execute(transaction);
}

async function countAll(db: Kysely<Tables>): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const table of TABLES_IN_ORDER) {
    const { rows } = await sql<{ n: number | string }>`select count(*) as n from ${sql.table(table)}`.execute(db);
    counts[table] = Number(rows[0]?.n);
  }
  return counts;
}

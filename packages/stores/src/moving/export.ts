import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import type { Tables } from '../database/tables.js';
import { type Counts, HEADER, type Row } from './file-format.js';
import { keyOf, type MovedTable, TABLES_IN_ORDER } from './tables-in-order.js';

/** Read at once: rows of deliveries hold up to some 10 kB each. */
const ROWS_AT_ONCE = 200;

/** Everything that is in the database at one moment, line by line; `write` is waited for. Returns how many rows there are. */
export function exportData(database: Database, write: (line: string) => Promise<void>): Promise<Counts> {
  return reportFailures('data', { export: () => exportAll(database.kysely, write) }).export();
}

function exportAll(db: Kysely<Tables>, write: (line: string) => Promise<void>): Promise<Counts> {
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return snapshot.execute(async (transaction) => {
    const counts: Record<string, number> = {};
    await write(JSON.stringify(HEADER));
    for (const table of TABLES_IN_ORDER) {
      let count = 0;
      for await (const row of rowsOf(transaction, table)) {
        await write(JSON.stringify([table, row]));
        count++;
      }
      counts[table] = count;
    }
    await write(JSON.stringify({ counts }));
    return counts;
  });
}

/** In the order of the key, from the last one seen: the next rows cost the same however many there were. */
async function* rowsOf(transaction: Transaction<Tables>, table: MovedTable): AsyncGenerator<Row> {
  const columns = sql.join(keyOf(table).map((column) => sql.ref(column)));
  let after = sql``;
  for (;;) {
    const query = sql<Row>`select * from ${sql.table(table)} ${after} order by ${columns} limit ${sql.lit(ROWS_AT_ONCE)}`;
    const { rows } = await query.execute(transaction);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = sql`where (${columns}) > (${sql.join(keyOf(table).map((column) => last[column]))})`;
  }
}

import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type Libsql from 'libsql';
import { storable } from './parameters.js';

/** The stores have some 40 statements; filters and patches multiply a few of them. */
const STATEMENTS_MAX = 200;

/**
 * libsql as kysely's SQLite dialect wants it. Statements are kept prepared: it halves the cost of a write, and a statement
 * not kept holds memory outside the heap until the collector comes by. `onWrite` is called after each that may have written.
 */
export function libsqlDatabase(libsql: Libsql.Database, onWrite: () => void): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      // SQLite rolls back by itself when the disk is full; kysely's own rollback would then hide that error.
      if (sql === 'rollback' && !libsql.inTransaction) return NOTHING;
      let statement = statements.get(sql);
      statements.delete(sql);
      statement ??= checked(libsql.prepare(sql), /^\s*select\b/i.test(sql) ? () => {} : onWrite);
      statements.set(sql, statement);
      if (statements.size > STATEMENTS_MAX) statements.delete(statements.keys().next().value ?? '');
      return statement;
    },
    close() {
      statements.clear();
      // Statements not yet collected keep the connection open below: leave neither a lock nor a log behind with it.
      if (libsql.inTransaction) libsql.exec('rollback');
      libsql.pragma('wal_checkpoint(TRUNCATE)');
      libsql.close();
    },
  };
}

const NOTHING: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

function checked(statement: Libsql.Statement, onRun: () => void): SqliteStatement {
  return {
    reader: statement.reader,
    all(parameters) {
      const rows = statement.all(storable(parameters));
      onRun();
      return rows;
    },
    run(parameters) {
      const result = statement.run(storable(parameters));
      onRun();
      return result;
    },
    iterate: (parameters) => statement.iterate(storable(parameters)),
  };
}

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, type Logger, silentLogger } from '@rapida/core';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import { type Checkpointer, createCheckpointer } from './checkpointer.js';
import type { Database } from './database.js';
import { openFailure } from './failures.js';
import { libsqlDatabase } from './libsql-database.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';
import type { Tables } from './tables.js';

export interface EmbeddedOptions {
  /** Made where it is missing (0600, its folder 0700). `:memory:` is gone when closed. */
  readonly file: string;
  /** Spaces out the folding of the log; a database in memory has no log and sets no timer. */
  readonly clock: Clock;
  readonly logger?: Logger;
  /** `several`: other processes work on it through this one. */
  readonly users?: Database['users'];
}

/** The driver waits for a lock with the whole process: long enough for another one to migrate, before any call is up. */
const OPEN_LOCK_WAIT_MS = 5_000;
/** With calls up, a lock (another process on the same file: a backup, the command line) may cost five frames of sound. */
const LOCK_WAIT_MS = 100;
/**
 * 80 MB, where writes begin to fold the log and to wait for the disk. Only a log gets there whose thread is dead, or that
 * is written to for minutes with no pause as long as the disk takes: while it is folded it cannot begin anew.
 */
const LOG_PAGES_MAX = 20_000;

/**
 * Opens the embedded database and brings its schema up to date. One connection; statements run one after the other.
 *
 * What a store acknowledged survives a kill -9: a commit has handed its pages to the operating system (`write` to the log
 * file) before the statement returns, and these outlive the process; the next opening reads the log. With
 * synchronous=NORMAL the disk itself is only waited for when the log is folded into the file, so a loss of power can take
 * the last seconds with it, never more: the log is replayed up to its last whole transaction. FULL would wait for the disk
 * in every write, on the loop that carries the sound. The folding itself is done by another thread, within
 * `CHECKPOINT_INTERVAL_MS` of a write; without it the log is folded by writes, from `LOG_PAGES_MAX` on, and by closing. What
 * stays here is one wait for the disk in the first write to a log that begins anew.
 *
 * Fails with `setting_invalid` where the path or the file cannot be used (no such right, no database, a newer schema),
 * with `store_failed` where it may work later (locked, disk full).
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const { file, clock, logger = silentLogger, users = 'one' } = options;
  let libsql: Libsql.Database | undefined;
  try {
    if (file !== ':memory:') makeFile(file);
    libsql = new Libsql(file, { timeout: OPEN_LOCK_WAIT_MS });
    libsql.pragma('journal_mode = WAL');
    libsql.pragma('synchronous = NORMAL');
    libsql.pragma('foreign_keys = ON');
    libsql.pragma(`wal_autocheckpoint = ${LOG_PAGES_MAX}`);
    let checkpointer: Checkpointer | undefined;
    const database = libsqlDatabase(libsql, () => checkpointer?.wrote());
    const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
    await migrateAlone(kysely, logger);
    if (file !== ':memory:') checkpointer = createCheckpointer({ file, clock, logger });
    libsql.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
    return { ...closable(kysely, checkpointer), users };
  } catch (error) {
    libsql?.close();
    throw openFailure(file, error);
  }
}

function makeFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/** `immediate` takes the write lock first: of two processes that open a new file at once, the second finds it migrated. */
function migrateAlone(kysely: Kysely<Tables>, logger: Logger): Promise<void> {
  return kysely.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await migrate(connection, MIGRATIONS, logger);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

function closable(kysely: Kysely<Tables>, checkpointer: Checkpointer | undefined): Omit<Database, 'users'> {
  let closing: Promise<void> | undefined;
  const close = async () => {
    // The one connection is free when no transaction runs.
    await kysely.connection().execute(async () => {
      // First, because closing folds the rest of the log itself.
      await checkpointer?.close();
      await kysely.destroy();
    });
  };
  return {
    kysely,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

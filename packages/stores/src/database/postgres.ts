import { type Clock, type Logger, RapidaError, silentLogger, sleep } from '@rapida/core';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Database } from './database.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';
import { postgresFailure } from './postgres-failures.js';
import { POOL_LIMITS, type PoolLimits, postgresPool } from './postgres-pool.js';
import type { Tables } from './tables.js';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with the driver's parameters (`sslmode`, `sslrootcert`, `options`). */
  readonly url: string;
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly limits?: Partial<PoolLimits>;
}

/** "rapida" in ASCII. Locks of this kind belong to one database: other programs in it have numbers of their own. */
const MIGRATION_LOCK = 0x726170696461;
/** For the others that start at the same time to be done: each finds everything made. */
const MIGRATION_WAIT_MS_MAX = 60_000;
/** For a table that other nodes write to meanwhile: they wait behind us. */
const TABLE_LOCK_MS_MAX = 5_000;
const MIGRATION_MS_MAX = 30 * 60_000;
/** What the server does not answer is left to it: the process has to end. */
const CLOSE_MS_MAX = 10_000;

/**
 * Opens a PostgreSQL and brings its schema up to date, once, however many nodes start together. Connections are made as they
 * are needed. Fails as the embedded database does: `setting_invalid` for what has to be put right, else `store_failed`; the
 * password is in no message.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { url, clock, logger = silentLogger, limits } = options;
  const where = whereIs(url);
  try {
    await migrateAlone(url, logger);
  } catch (error) {
    throw postgresFailure(where, error);
  }
  const pool = postgresPool(url, { ...POOL_LIMITS, ...limits }, logger);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    users: 'several',
    kysely,
    close() {
      closing ??= endWithin(clock, async () => {
        await pool.refuse();
        // Waits for what still has a connection.
        await kysely.destroy();
      });
      return closing;
    },
  };
}

/** Host, port and name of the database, as the driver reads the address; nothing of it in the failure where it cannot. */
export function whereIs(url: string): string {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new Error('no such scheme');
    const { host, port, database } = new pg.Client({ connectionString: url });
    return `${host}:${port}/${database ?? ''}`;
  } catch {
    const example = 'postgres://user:password@host:5432/database';
    throw new RapidaError(
      'setting_invalid',
      `It is no address of a PostgreSQL (${example}; in the password # is written %23, / %2F, ? %3F, @ %40).`,
    );
  }
}

/** On a connection of its own, because a migration may take longer than any other statement. */
async function migrateAlone(url: string, logger: Logger): Promise<void> {
  const limits = { connectionsMax: 1, statementMsMax: MIGRATION_MS_MAX, lockMsMax: MIGRATION_WAIT_MS_MAX };
  const pool = postgresPool(url, { ...POOL_LIMITS, ...limits }, logger);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await kysely
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (transaction) => {
        await requireUtf8(transaction);
        // Ends with the transaction, so that it also works behind a pooler that hands out connections by transaction.
        await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(transaction);
        await sql`set local lock_timeout = ${sql.lit(TABLE_LOCK_MS_MAX)}`.execute(transaction);
        await migrate(transaction, MIGRATIONS, logger);
      });
  } finally {
    await kysely.destroy();
  }
}

async function requireUtf8(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db);
  const encoding = rows[0]?.server_encoding;
  if (encoding === 'UTF8') return;
  throw new RapidaError('setting_invalid', `It keeps text in ${encoding}; it must be made with encoding UTF8.`);
}

async function endWithin(clock: Clock, end: () => Promise<void>): Promise<void> {
  const late = new AbortController();
  await Promise.race([end(), sleep(clock, CLOSE_MS_MAX, late.signal)]).finally(() => late.abort());
}

import { type Logger, RapidaError } from '@rapida/core';
import type { Kysely, SchemaModule } from 'kysely';
import type { Tables } from './tables.js';

/** One step of the schema. Once released it never changes: the next change is the next file. */
export interface Migration {
  readonly name: string;
  up(schema: SchemaModule, db: Kysely<Tables>): Promise<void>;
}

/**
 * Runs what this database has not seen yet, in order, and records it; a migration's version is its place in the list,
 * from 1. The caller wraps it in a transaction that keeps other processes out, so that all of it happens or none.
 */
export async function migrate(db: Kysely<Tables>, migrations: readonly Migration[], logger: Logger): Promise<void> {
  await db.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .execute();
  const { version } = await db
    .selectFrom('schema_migrations')
    .select((eb) => eb.fn.coalesce(eb.fn.max('version'), eb.lit(0)).as('version'))
    .executeTakeFirstOrThrow();
  if (version > migrations.length) {
    throw new RapidaError(
      'setting_invalid',
      `The database was written by a newer version of this program: its schema is ${version}, ` +
        `this program knows up to ${migrations.length}. Run that version, or restore a backup of before.`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    await migration.up(db.schema, db);
    await db
      .insertInto('schema_migrations')
      .values({ version: index + 1, name: migration.name })
      .execute();
    logger.info({ version: index + 1, migration: migration.name }, 'database schema migrated');
  }
}

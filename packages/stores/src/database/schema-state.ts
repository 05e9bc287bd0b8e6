import { existsSync } from 'node:fs';
import { RapidaError } from '@rapida/core';
import { Kysely, SqliteDialect } from 'kysely';
import Libsql from 'libsql';
import { openFailure } from './failures.js';
import { libsqlDatabase } from './libsql-database.js';
import { MIGRATIONS } from './migrations/index.js';
import type { Tables } from './tables.js';

/** Names of migrations, in their order. */
export interface SchemaState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** Of a file that need not exist. Nothing is made or changed. */
export async function embeddedSchema(file: string): Promise<SchemaState> {
  if (!existsSync(file)) return stateOf(0);
  try {
    const database = libsqlDatabase(new Libsql(file), () => {});
    return await stateIn(new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }));
  } catch (error) {
    throw openFailure(file, error);
  }
}

/** Ends the connection. */
export async function stateIn(kysely: Kysely<Tables>): Promise<SchemaState> {
  try {
    const rows = await kysely.selectFrom('schema_migrations').select('version').execute();
    return stateOf(Math.max(0, ...rows.map(({ version }) => version)));
  } catch (error) {
    if (isNoSuchTable(error)) return stateOf(0);
    throw error;
  } finally {
    await kysely.destroy();
  }
}

function stateOf(version: number): SchemaState {
  const names = MIGRATIONS.map(({ name }) => name);
  if (version <= names.length) return { applied: names.slice(0, version), pending: names.slice(version) };
  const message = `The database was written by a newer version of this program: its schema is ${version}, this program knows up to ${names.length}.`;
  throw new RapidaError('setting_invalid', message);
}

function isNoSuchTable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^no such table: /.test(error.message) || ('code' in error && error.code === '42P01');
}

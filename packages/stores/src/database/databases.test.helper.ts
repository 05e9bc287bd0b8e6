import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallStore, createIdSource } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { sql } from 'kysely';
import { afterAll } from 'vitest';
import { createSqlCallStore } from '../calls/sql.js';
import { type TemporaryPostgres, temporaryPostgres } from '../testing/index.js';
import type { Database } from './database.js';
import { openEmbedded } from './embedded.js';
import { openPostgres } from './postgres.js';

interface StoreUnderTest<S> {
  readonly store: S;
  close(): Promise<void>;
}

/** Each driver of the database, to run a conformance suite on. */
export const DRIVERS: readonly (readonly [name: string, open: () => Promise<Database>])[] = [
  ['the embedded database in memory', () => openEmbedded({ file: ':memory:', clock: new VirtualClock() })],
  ['the embedded database in a file', openTemporary],
  ['PostgreSQL', openEmptyPostgres],
];

/** One for the whole file of tests: to make one takes longer than most tests. */
let postgres: Promise<TemporaryPostgres> | undefined;
afterAll(async () => (await postgres)?.drop());

/** The address of the database that this file of tests has on PostgreSQL. */
export async function postgresUrl(): Promise<string> {
  postgres ??= temporaryPostgres();
  return (await postgres).url;
}

/** With nothing in it. */
export async function openEmptyPostgres(): Promise<Database> {
  const database = await openPostgres({ url: await postgresUrl(), clock: new VirtualClock() });
  const { rows } = await sql<{ tablename: string }>`
    select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'`.execute(
    database.kysely,
  );
  // In one statement, at whose end the references are looked at. `truncate` takes 50 times as long where there is little.
  const removals = rows.map(({ tablename }, n) => sql`${sql.ref(`t${n}`)} as (delete from ${sql.table(tablename)})`);
  await sql`with ${sql.join(removals)} select 1`.execute(database.kysely);
  return database;
}

async function openTemporary(): Promise<Database> {
  const folder = await temporaryFolder();
  const database = await openEmbedded({ file: join(folder, 'rapida.db'), clock: new VirtualClock() });
  return {
    ...{ kysely: database.kysely, users: database.users },
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'rapida-stores-'));
}

/** What a conformance suite wants of a store: a new one on a new database, closed with it. */
export async function over<S>(open: () => Promise<Database>, create: (db: Database) => S): Promise<StoreUnderTest<S>> {
  const database = await open();
  return { store: create(database), close: () => database.close() };
}

export function callsOf(database: Database): CallStore {
  return createSqlCallStore(database, createIdSource(new VirtualClock()));
}

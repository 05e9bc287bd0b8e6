import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallStore, createIdSource } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { createSqlCallStore } from '../calls/sql.js';
import type { Database } from './database.js';
import { openEmbedded } from './embedded.js';

interface StoreUnderTest<S> {
  readonly store: S;
  close(): Promise<void>;
}

/** Each driver of the database, to run a conformance suite on. */
export const DRIVERS: readonly (readonly [name: string, open: () => Promise<Database>])[] = [
  ['the embedded database in memory', () => openEmbedded({ file: ':memory:', clock: new VirtualClock() })],
  ['the embedded database in a file', openTemporary],
];

async function openTemporary(): Promise<Database> {
  const folder = await temporaryFolder();
  const database = await openEmbedded({ file: join(folder, 'rapida.db'), clock: new VirtualClock() });
  return {
    kysely: database.kysely,
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

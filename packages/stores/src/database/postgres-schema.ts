import { silentLogger } from '@rapida/core';
import { Kysely, PostgresDialect } from 'kysely';
import { whereIs } from './postgres.js';
import { postgresFailure } from './postgres-failures.js';
import { POOL_LIMITS, postgresPool } from './postgres-pool.js';
import { type SchemaState, stateIn } from './schema-state.js';
import type { Tables } from './tables.js';

/** Nothing is made or changed. */
export async function postgresSchema(url: string): Promise<SchemaState> {
  const where = whereIs(url);
  try {
    const pool = postgresPool(url, { ...POOL_LIMITS, connectionsMax: 1 }, silentLogger);
    return await stateIn(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }));
  } catch (error) {
    throw postgresFailure(where, error);
  }
}

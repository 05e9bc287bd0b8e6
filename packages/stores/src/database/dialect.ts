import { type Kysely, PostgresAdapter } from 'kysely';
import type { Tables } from './tables.js';

/**
 * The SQL of the stores is the same on both databases but for what the files that ask this are about: locks of rows
 * (`locks.ts`), claims and the search for what is due (`webhooks/`).
 */
export function isPostgres(db: Kysely<Tables>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

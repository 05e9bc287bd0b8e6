import { type Kysely, Transaction } from 'kysely';
import { isRepeatable } from './failures.js';
import type { Tables } from './tables.js';

/** Each is begun by another transaction that was committed: three in a row against the same one do not happen. */
const ATTEMPTS_MAX = 4;

/**
 * All of `work` or nothing. SQLite has one writer at a time. PostgreSQL has many: they wait for each other's rows, and where
 * two wait for one another it ends one of them (`deadlock_detected`), which is begun again here - nothing of it was stored.
 * Each statement sees what was committed before it began, whatever an administrator made the default: so a lock that was
 * waited for shows what its holder wrote. Within a transaction `work` is a part of that one.
 */
export async function inTransaction<T>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  if (db instanceof Transaction) return work(db);
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().setIsolationLevel('read committed').execute(work);
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isRepeatable(error)) throw error;
    }
  }
}

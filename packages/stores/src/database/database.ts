import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

/** An open database with the newest schema. The stores made over it share it; whoever opened it closes it. */
export interface Database {
  /** Where several processes work on it, what one takes up is written down, so that no other one does. */
  readonly users: 'one' | 'several';
  readonly kysely: Kysely<Tables>;
  /** Waits for the transaction that is running. Later calls of the stores fail with `store_failed`. Safe to call twice. */
  close(): Promise<void>;
}

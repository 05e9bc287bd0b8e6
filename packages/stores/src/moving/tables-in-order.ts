import type { Tables } from '../database/tables.js';

export type MovedTable = Exclude<keyof Tables, 'schema_migrations'>;

/**
 * Every table with the columns that order it, those that others refer to first. The compiler knows when one is missing. What
 * is not in here is not a table of ours.
 */
const KEYS: Readonly<Record<MovedTable, readonly string[]>> = {
  projects: ['id'],
  api_keys: ['id'],
  assistants: ['id'],
  assistant_versions: ['assistant_id', 'version'],
  credentials: ['id'],
  calls: ['id'],
  call_events: ['call_id', 'seq'],
  call_turns: ['call_id', 'seq'],
  call_metrics: ['call_id', 'name'],
  idempotency_answers: ['project_id', 'key'],
  webhooks: ['id'],
  webhook_deliveries: ['id'],
  passwords: ['project_id'],
  sessions: ['hash'],
};

export const TABLES_IN_ORDER = Object.keys(KEYS) as readonly MovedTable[];

export function keyOf(table: MovedTable): readonly string[] {
  return KEYS[table];
}

import type { ProjectStore } from '@rapida/core';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { fromStoredId, toStoredId } from '../database/stored-id.js';

export function createSqlProjectStore({ kysely: db }: Database): ProjectStore {
  const oldest = () =>
    db.selectFrom('projects').select('id').orderBy('created_at_ms').orderBy('id').limit(1).executeTakeFirst();

  return reportFailures<ProjectStore>('projects', {
    async ensureDefault({ id, name, createdAtMs }) {
      const existing = await oldest();
      if (existing !== undefined) return { id: fromStoredId(existing.id), created: false };
      // Whoever starts at the same moment meets the unique slot: one of them makes the project.
      const row = { id: toStoredId(id), name, created_at_ms: createdAtMs, default_slot: 1 };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('projects')
        .values(row)
        .onConflict((conflict) => conflict.column('default_slot').doNothing())
        .executeTakeFirstOrThrow();
      const made = await oldest();
      return { id: fromStoredId(made?.id ?? row.id), created: numInsertedOrUpdatedRows === 1n };
    },

    async findDefault() {
      const existing = await oldest();
      return existing && fromStoredId(existing.id);
    },
  });
}

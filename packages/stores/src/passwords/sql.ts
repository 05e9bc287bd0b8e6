import type { PasswordStore } from '@rapida/core';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { toStoredId } from '../database/stored-id.js';

export function createSqlPasswordStore({ kysely: db }: Database): PasswordStore {
  return reportFailures<PasswordStore>('passwords', {
    async get(projectId) {
      const query = db.selectFrom('passwords').selectAll().where('project_id', '=', toStoredId(projectId));
      const { hash = null, setup_hash = null, setup_expires_at_ms = null } = (await query.executeTakeFirst()) ?? {};
      const hasToken = setup_hash !== null && setup_expires_at_ms !== null;
      return { hash, setUp: hasToken ? { hash: setup_hash, expiresAtMs: setup_expires_at_ms } : null };
    },

    async set(projectId, hash) {
      const columns = { hash, setup_hash: null, setup_expires_at_ms: null };
      await db
        .insertInto('passwords')
        .values({ project_id: toStoredId(projectId), ...columns })
        .onConflict((conflict) => conflict.column('project_id').doUpdateSet(columns))
        .execute();
    },

    async replaceToken(projectId, { hash, expiresAtMs }) {
      const columns = { setup_hash: hash, setup_expires_at_ms: expiresAtMs };
      await db
        .insertInto('passwords')
        .values({ project_id: toStoredId(projectId), hash: null, ...columns })
        .onConflict((conflict) => conflict.column('project_id').doUpdateSet(columns))
        .execute();
    },

    async offerToken(projectId, { hash, expiresAtMs }, nowMs) {
      const columns = { setup_hash: hash, setup_expires_at_ms: expiresAtMs };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('passwords')
        .values({ project_id: toStoredId(projectId), hash: null, ...columns })
        .onConflict((conflict) =>
          conflict
            .column('project_id')
            .doUpdateSet(columns)
            .where('passwords.hash', 'is', null)
            .where((eb) =>
              eb.or([
                eb('passwords.setup_expires_at_ms', 'is', null),
                eb('passwords.setup_expires_at_ms', '<=', nowMs),
              ]),
            ),
        )
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async redeem(projectId, tokenHash, nowMs, hash) {
      const { numUpdatedRows } = await db
        .updateTable('passwords')
        .set({ hash, setup_hash: null, setup_expires_at_ms: null })
        .where('project_id', '=', toStoredId(projectId))
        .where('setup_hash', '=', tokenHash)
        .where('setup_expires_at_ms', '>', nowMs)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  });
}

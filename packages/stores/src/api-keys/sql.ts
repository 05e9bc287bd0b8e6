import type { ApiKeyRecord, ApiKeyStore } from '@rapida/core';
import type { Selectable } from 'kysely';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { ApiKeyTable } from '../database/tables.js';

export function createSqlApiKeyStore({ kysely: db }: Database): ApiKeyStore {
  return reportFailures<ApiKeyStore>('api-keys', {
    async create(key, hash) {
      const row = {
        id: toStoredId(key.id),
        project_id: toStoredId(key.projectId),
        name: key.name,
        scopes: JSON.stringify(key.scopes),
        prefix: key.prefix,
        hash,
        created_at_ms: key.createdAtMs,
        revoked_at_ms: key.revokedAtMs,
      };
      await db.insertInto('api_keys').values(row).execute();
    },

    async findByHash(hash) {
      const query = db.selectFrom('api_keys').selectAll().where('hash', '=', hash);
      const row = await query.where('revoked_at_ms', 'is', null).executeTakeFirst();
      return row && rowToKey(row);
    },

    /** Newest first, revoked ones too. */
    async list(projectId) {
      const query = db.selectFrom('api_keys').selectAll().where('project_id', '=', toStoredId(projectId));
      return (await query.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').execute()).map(rowToKey);
    },

    async revoke(projectId, id, atMs) {
      const { numUpdatedRows } = await db
        .updateTable('api_keys')
        .set({ revoked_at_ms: atMs })
        .where('id', '=', toStoredId(id))
        .where('project_id', '=', toStoredId(projectId))
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  });
}

function rowToKey(row: Selectable<ApiKeyTable>): ApiKeyRecord {
  return {
    id: fromStoredId(row.id),
    projectId: fromStoredId(row.project_id),
    name: row.name,
    scopes: JSON.parse(row.scopes),
    prefix: row.prefix,
    createdAtMs: row.created_at_ms,
    revokedAtMs: row.revoked_at_ms,
  };
}

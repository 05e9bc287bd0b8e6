import type { SessionRecord, SessionStore } from '@rapida/core';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { fromStoredId, toStoredId } from '../database/stored-id.js';

export function createSqlSessionStore({ kysely: db }: Database): SessionStore {
  /** Of the same key, or of the password of the same project. */
  const alike = ({ projectId, keyId }: Pick<SessionRecord, 'projectId' | 'keyId'>) => ({
    project: toStoredId(projectId),
    key: keyId === null ? null : toStoredId(keyId),
  });

  async function endOldest(session: SessionRecord, keptMax: number): Promise<void> {
    const { project, key } = alike(session);
    const lastKept = await db
      .selectFrom('sessions')
      .select('created_at_ms')
      .where('project_id', '=', project)
      .where('key_id', key === null ? 'is' : '=', key)
      .orderBy('created_at_ms', 'desc')
      .limit(1)
      .offset(keptMax - 1)
      .executeTakeFirst();
    if (lastKept === undefined) return;
    await db
      .deleteFrom('sessions')
      .where('project_id', '=', project)
      .where('key_id', key === null ? 'is' : '=', key)
      .where('created_at_ms', '<', lastKept.created_at_ms)
      .execute();
  }

  return reportFailures<SessionStore>('sessions', {
    async create(session, hash, keptMax) {
      const { project, key } = alike(session);
      const row = {
        ...{ hash, project_id: project, key_id: key, created_at_ms: session.createdAtMs },
        ...{ seen_at_ms: session.seenAtMs, expires_at_ms: session.expiresAtMs },
      };
      await db.insertInto('sessions').values(row).execute();
      await endOldest(session, keptMax);
    },

    async find(hash) {
      const row = await db
        .selectFrom('sessions')
        .leftJoin('api_keys', 'api_keys.id', 'sessions.key_id')
        .selectAll('sessions')
        .select(['api_keys.name', 'api_keys.scopes'])
        .where('sessions.hash', '=', hash)
        .where('api_keys.revoked_at_ms', 'is', null)
        .executeTakeFirst();
      if (row === undefined || (row.key_id !== null && row.scopes === null)) return undefined;
      return {
        projectId: fromStoredId(row.project_id),
        keyId: row.key_id && fromStoredId(row.key_id),
        createdAtMs: row.created_at_ms,
        seenAtMs: row.seen_at_ms,
        expiresAtMs: row.expires_at_ms,
        key: row.scopes === null ? null : { name: row.name ?? '', scopes: JSON.parse(row.scopes) },
      };
    },

    async seen(hash, atMs) {
      await db.updateTable('sessions').set({ seen_at_ms: atMs }).where('hash', '=', hash).execute();
    },

    async end(hash) {
      await db.deleteFrom('sessions').where('hash', '=', hash).execute();
    },

    async endOfPassword(projectId, exceptHash) {
      const ending = db
        .deleteFrom('sessions')
        .where('project_id', '=', toStoredId(projectId))
        .where('key_id', 'is', null);
      await (exceptHash === null ? ending : ending.where('hash', '!=', exceptHash)).execute();
    },

    async forget(expiredAtMs, seenBeforeMs) {
      await db
        .deleteFrom('sessions')
        .where((eb) => eb.or([eb('expires_at_ms', '<=', expiredAtMs), eb('seen_at_ms', '<', seenBeforeMs)]))
        .execute();
    },
  });
}

import {
  ASSISTANT_VERSIONS_MAX,
  type AssistantConfig,
  type AssistantStore,
  type AssistantVersion,
  type Page,
  RapidaError,
} from '@rapida/core';
import type { Kysely, Selectable, Transaction } from 'kysely';
import { CURSOR_UNKNOWN, pageSize } from '../database/paging.js';
import { toStoredId } from '../database/stored-id.js';
import type { AssistantTable, AssistantVersionTable, Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import { orNameTaken, ownRow, rowToAssistant, rowToVersion, saved, versionRow } from './rows.js';

/** Of 32 bits. */
const VERSION_MAX = 2_147_483_647;

type OfVersions = Pick<AssistantStore, 'getVersion' | 'versions' | 'saveConfig' | 'addVersion' | 'publish'>;

export function ofVersions(db: Kysely<Tables>): OfVersions {
  return {
    async getVersion(projectId, id, version) {
      const row = await ownRow(db, projectId, id);
      if (row === undefined || row.version === version) return row && rowToAssistant(row);
      const saved = await versionOf(db, row.id, version);
      return saved && rowToAssistant({ ...row, version, config: saved.config });
    },

    async versions(projectId, id, limit, cursor) {
      const before = cursor === null ? undefined : readVersionCursor(cursor);
      const row = await ownRow(db, projectId, id);
      return row && pageOfVersions(db, row.id, limit, before);
    },

    saveConfig(projectId, id, config, atMs) {
      const saving = inTransaction(db, async (transaction) => {
        const added = await addVersion(transaction, projectId, id, config, atMs);
        if (added === undefined) return undefined;
        const live = { version: added.last_version, name: config.name, config: JSON.stringify(config) };
        return saved(transaction.updateTable('assistants').set({ ...live, updated_at_ms: atMs }), projectId, id);
      });
      return orNameTaken(saving);
    },

    async addVersion(projectId, id, config, atMs) {
      const adding = inTransaction(db, (transaction) => addVersion(transaction, projectId, id, config, atMs));
      const row = await adding;
      return row && { version: row.last_version, config, savedAtMs: atMs };
    },

    publish(projectId, id, version, atMs) {
      const publishing = inTransaction(db, async (transaction) => {
        // Written first, because that takes the lock: what is found afterwards cannot be forgotten meanwhile.
        const update = transaction.updateTable('assistants').set({ updated_at_ms: atMs });
        if ((await saved(update, projectId, id)) === undefined) return undefined;
        const found = await versionOf(transaction, toStoredId(id), version);
        // Thrown, so that nothing was written.
        if (found === undefined) throw new NoSuchVersion();
        const { name } = rowToVersion(found).config;
        const live = { version, name, config: found.config };
        return saved(transaction.updateTable('assistants').set(live), projectId, id);
      });
      return orNameTaken(publishing).catch((error: unknown) => {
        if (error instanceof NoSuchVersion) return undefined;
        throw error;
      });
    },
  };
}

class NoSuchVersion extends Error {}

/** Takes the next number and keeps the configuration under it; its row, or undefined where there is no such assistant. */
async function addVersion(
  transaction: Transaction<Tables>,
  projectId: string,
  id: string,
  config: AssistantConfig,
  atMs: number,
): Promise<Selectable<AssistantTable> | undefined> {
  const row = await transaction
    .updateTable('assistants')
    .set('last_version', (eb) => eb('last_version', '+', 1))
    .where('id', '=', toStoredId(id))
    .where('project_id', '=', toStoredId(projectId))
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const version = { id: row.id, version: row.last_version, config: JSON.stringify(config) };
  await transaction.insertInto('assistant_versions').values(versionRow(version, atMs)).execute();
  await transaction
    .deleteFrom('assistant_versions')
    .where('assistant_id', '=', row.id)
    .where('version', '<=', row.last_version - ASSISTANT_VERSIONS_MAX)
    .where('version', '!=', row.version)
    .execute();
  return row;
}

async function versionOf(
  db: Kysely<Tables>,
  storedId: string,
  version: number,
): Promise<Selectable<AssistantVersionTable> | undefined> {
  // PostgreSQL fails on what its column cannot hold, where SQLite finds nothing.
  if (!Number.isInteger(version) || version < 1 || version > VERSION_MAX) return undefined;
  const query = db.selectFrom('assistant_versions').selectAll().where('assistant_id', '=', storedId);
  return query.where('version', '=', version).executeTakeFirst();
}

async function pageOfVersions(
  db: Kysely<Tables>,
  storedId: string,
  limit: number,
  before: number | undefined,
): Promise<Page<AssistantVersion>> {
  const size = pageSize(limit);
  const query = db.selectFrom('assistant_versions').selectAll().where('assistant_id', '=', storedId);
  const rows = await query
    .$if(before !== undefined, (older) => older.where('version', '<', before ?? 0))
    .orderBy('version', 'desc')
    .limit(size + 1)
    .execute();
  const data = rows.slice(0, size).map(rowToVersion);
  return { data, nextCursor: rows.length > size ? `v${data.at(-1)?.version}` : null };
}

/** The last version that was seen. */
function readVersionCursor(cursor: string): number {
  const [, version] = /^v([1-9][0-9]{0,9})$/.exec(cursor) ?? [];
  if (version === undefined) throw new RapidaError('invalid_request', CURSOR_UNKNOWN);
  return Math.min(Number(version), VERSION_MAX);
}

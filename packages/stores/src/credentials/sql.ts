import {
  type CredentialPatch,
  type CredentialRecord,
  type CredentialStore,
  type CredentialUser,
  type EntityId,
  RapidaError,
} from '@rapida/core';
import type { Kysely, Selectable, Updateable } from 'kysely';
import type { Database } from '../database/database.js';
import { isUniqueViolation, reportFailures } from '../database/failures.js';
import { pageSize, readPage } from '../database/paging.js';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { CredentialTable, Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';

const NAMES_SHOWN_MAX = 10;

export function createSqlCredentialStore({ kysely: db }: Database): CredentialStore {
  return reportFailures<CredentialStore>('credentials', { ...ofProjects(db), ...ofAll(db) });
}

type OfProjects = Pick<CredentialStore, 'create' | 'get' | 'list' | 'save' | 'remove' | 'users'>;

function ofProjects(db: Kysely<Tables>): OfProjects {
  return {
    async create(credential) {
      await orNameTaken(db.insertInto('credentials').values(credentialToRow(credential)).execute());
    },

    async get(projectId, id) {
      const query = db.selectFrom('credentials').selectAll().where('id', '=', toStoredId(id));
      const row = await query.where('project_id', '=', toStoredId(projectId)).executeTakeFirst();
      return row && rowToCredential(row);
    },

    list(projectId, limit, cursor) {
      const all = db.selectFrom('credentials').selectAll().where('project_id', '=', toStoredId(projectId));
      return readPage(all, limit, cursor, rowToCredential);
    },

    async save(projectId, id, patch, atMs) {
      const update = db
        .updateTable('credentials')
        .set({ ...patchToColumns(patch), updated_at_ms: atMs })
        .where('id', '=', toStoredId(id))
        .where('project_id', '=', toStoredId(projectId));
      const row = await orNameTaken(update.returningAll().executeTakeFirst());
      return row && rowToCredential(row);
    },

    remove: (projectId, id) =>
      inTransaction(db, async (transaction) => {
        // Removed first, because that takes the lock; a user found afterwards undoes it.
        const { numDeletedRows } = await transaction
          .deleteFrom('credentials')
          .where('id', '=', toStoredId(id))
          .where('project_id', '=', toStoredId(projectId))
          .executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) return false;
        const users = await usersOf(transaction, projectId, id);
        if (users.length > 0) throw new RapidaError('credential_in_use', inUse(users.map(({ name }) => name)));
        return true;
      }),

    users: (projectId, id) => usersOf(db, projectId, id),
  };
}

function ofAll(db: Kysely<Tables>): Omit<CredentialStore, keyof OfProjects> {
  return {
    async used(id, atMs) {
      const update = db.updateTable('credentials').set({ last_used_at_ms: atMs }).where('id', '=', toStoredId(id));
      await update.where((eb) => eb('last_used_at_ms', 'is', null).or('last_used_at_ms', '<', atMs)).execute();
    },

    async after(id, limit) {
      const query = db.selectFrom('credentials').selectAll().orderBy('id').limit(pageSize(limit));
      const rows = await query.where('id', '>', id === null ? '' : toStoredId(id)).execute();
      return rows.map(rowToCredential);
    },

    async reseal(id, from, to) {
      const update = db.updateTable('credentials').set({ sealed: to }).where('id', '=', toStoredId(id));
      return (await update.where('sealed', '=', from).executeTakeFirstOrThrow()).numUpdatedRows > 0n;
    },
  };
}

/** Of assistants, oldest first. The text of the JSON only narrows, so that few are parsed. */
async function usersOf(db: Kysely<Tables>, projectId: EntityId, id: EntityId): Promise<CredentialUser[]> {
  const mention = `%"credentialId":"${id}"%`;
  const rows = await db
    .selectFrom('assistants')
    .select(['id', 'name', 'config', 'deployment'])
    .where('project_id', '=', toStoredId(projectId))
    .where((eb) => eb('deployment', 'like', mention).or('config', 'like', mention))
    .orderBy('created_at_ms')
    .orderBy('id')
    .execute();
  const users = rows.filter((row) => credentialsOf(row).includes(id));
  return users.map((row) => ({ assistantId: fromStoredId(row.id), name: row.name }));
}

/** Not through the schemas: rows of before have less in them, and no defaults are wanted. Wherever a `credentialId` may stand. */
function credentialsOf(row: { readonly config: string; readonly deployment: string }): readonly unknown[] {
  const { stt, llm, tts, realtime, fallback, tools } = JSON.parse(row.config) as Readonly<Record<string, unknown>>;
  return [JSON.parse(row.deployment), ...[stt, llm, tts, realtime], ...listsOf(fallback), ...listsOf(tools)].map(
    (naming) => (naming as { readonly credentialId?: unknown } | null | undefined)?.credentialId,
  );
}

function listsOf(group: unknown): readonly unknown[] {
  return Object.values(group ?? {}).flatMap((list) => (Array.isArray(list) ? list : []));
}

function inUse(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((name) => `"${name}"`);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return `in use by: ${shown.join(', ')}${more}`;
}

async function orNameTaken<T>(saving: Promise<T>): Promise<T> {
  try {
    return await saving;
  } catch (error) {
    throw isUniqueViolation(error) ? new RapidaError('credential_name_taken', undefined, { cause: error }) : error;
  }
}

function credentialToRow(credential: CredentialRecord): Selectable<CredentialTable> {
  return {
    id: toStoredId(credential.id),
    project_id: toStoredId(credential.projectId),
    name: credential.name,
    provider: credential.provider,
    fields: JSON.stringify(credential.fields),
    sealed: credential.sealed,
    calls_per_second: credential.callsPerSecond,
    created_at_ms: credential.createdAtMs,
    updated_at_ms: credential.updatedAtMs,
    last_used_at_ms: credential.lastUsedAtMs,
  };
}

function rowToCredential(row: Selectable<CredentialTable>): CredentialRecord {
  return {
    id: fromStoredId(row.id),
    projectId: fromStoredId(row.project_id),
    name: row.name,
    provider: row.provider,
    fields: JSON.parse(row.fields),
    sealed: row.sealed,
    callsPerSecond: row.calls_per_second,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}

/** Kysely leaves `undefined` out of an update. */
function patchToColumns(patch: CredentialPatch): Updateable<CredentialTable> {
  return {
    name: patch.name,
    fields: patch.fields && JSON.stringify(patch.fields),
    sealed: patch.sealed,
    calls_per_second: patch.callsPerSecond,
  };
}

import {
  type AssistantRecord,
  type AssistantStore,
  assistantConfigSchema,
  phoneDeploymentSchema,
  RapidaError,
} from '@rapida/core';
import type { Kysely, Selectable, UpdateQueryBuilder, UpdateResult } from 'kysely';
import type { Database } from '../database/database.js';
import { isUniqueViolation, reportFailures } from '../database/failures.js';
import { readPage } from '../database/paging.js';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { AssistantTable, Tables } from '../database/tables.js';

const DEPLOYED_MAX = 1_000;
const DEPLOYED_AT_ONCE = 200;

/** `saveConfig` fails with `assistant_name_taken` too, where it gives the name of another; nothing is changed then. */
export function createSqlAssistantStore({ kysely: db }: Database): AssistantStore {
  return reportFailures<AssistantStore>('assistants', {
    async create(assistant) {
      const insert = db.insertInto('assistants').values({
        id: toStoredId(assistant.id),
        project_id: toStoredId(assistant.projectId),
        name: assistant.config.name,
        version: assistant.version,
        config: JSON.stringify(assistant.config),
        deployment: JSON.stringify(assistant.deployment),
        created_at_ms: assistant.createdAtMs,
        updated_at_ms: assistant.updatedAtMs,
      });
      await orNameTaken(insert.execute());
    },

    async get(projectId, id) {
      const query = db.selectFrom('assistants').selectAll().where('id', '=', toStoredId(id));
      const row = await query.where('project_id', '=', toStoredId(projectId)).executeTakeFirst();
      return row && rowToAssistant(row);
    },

    list(projectId, limit, cursor) {
      const all = db.selectFrom('assistants').selectAll().where('project_id', '=', toStoredId(projectId));
      return readPage(all, limit, cursor, rowToAssistant);
    },

    async saveConfig(projectId, id, config, atMs) {
      const update = db
        .updateTable('assistants')
        .set({ name: config.name, config: JSON.stringify(config), updated_at_ms: atMs })
        .set('version', (eb) => eb('version', '+', 1));
      return orNameTaken(saved(update, projectId, id));
    },

    saveDeployment(projectId, id, deployment, atMs) {
      const columns = { deployment: JSON.stringify(deployment), updated_at_ms: atMs };
      return saved(db.updateTable('assistants').set(columns), projectId, id);
    },

    deployed: () => deployed(db),

    remove: (projectId, id) => remove(db, projectId, id),
  });
}

type Update = UpdateQueryBuilder<Tables, 'assistants', 'assistants', UpdateResult>;

async function saved(update: Update, projectId: string, id: string): Promise<AssistantRecord | undefined> {
  const row = await update
    .where('id', '=', toStoredId(id))
    .where('project_id', '=', toStoredId(projectId))
    .returningAll()
    .executeTakeFirst();
  return row && rowToAssistant(row);
}

async function remove(db: Kysely<Tables>, projectId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('assistants')
    .where('id', '=', toStoredId(id))
    .where('project_id', '=', toStoredId(projectId))
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** The text of the JSON only narrows; what was read decides, so that no other spelling of it is taken or missed. */
async function deployed(db: Kysely<Tables>): Promise<readonly AssistantRecord[]> {
  const found: AssistantRecord[] = [];
  let rows: Selectable<AssistantTable>[];
  let after = '';
  do {
    const query = db.selectFrom('assistants').selectAll().where('id', '>', after);
    rows = await query
      .where('deployment', 'like', '%"credentialId":"%')
      .orderBy('id')
      .limit(DEPLOYED_AT_ONCE)
      .execute();
    const assistants = rows.map(rowToAssistant);
    found.push(...assistants.filter(({ deployment }) => deployment.enabled && deployment.credentialId !== null));
    after = rows.at(-1)?.id ?? after;
  } while (rows.length === DEPLOYED_AT_ONCE && found.length < DEPLOYED_MAX);
  return found.slice(0, DEPLOYED_MAX);
}

async function orNameTaken<T>(saving: Promise<T>): Promise<T> {
  try {
    return await saving;
  } catch (error) {
    throw isUniqueViolation(error) ? new RapidaError('assistant_name_taken', undefined, { cause: error }) : error;
  }
}

/** Read through the schema: a field that is newer than the row gets its default. */
function rowToAssistant(row: Selectable<AssistantTable>): AssistantRecord {
  return {
    id: fromStoredId(row.id),
    projectId: fromStoredId(row.project_id),
    version: row.version,
    config: assistantConfigSchema.parse(JSON.parse(row.config)),
    deployment: phoneDeploymentSchema.parse(JSON.parse(row.deployment)),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

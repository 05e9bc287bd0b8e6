import {
  type AssistantRecord,
  type AssistantVersion,
  assistantConfigSchema,
  phoneDeploymentSchema,
  RapidaError,
} from '@rapida/core';
import type { Kysely, Selectable, UpdateQueryBuilder, UpdateResult } from 'kysely';
import { isUniqueViolation } from '../database/failures.js';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { AssistantTable, AssistantVersionTable, Tables } from '../database/tables.js';

export function assistantToRow(assistant: AssistantRecord): Selectable<AssistantTable> {
  return {
    id: toStoredId(assistant.id),
    project_id: toStoredId(assistant.projectId),
    name: assistant.config.name,
    version: assistant.version,
    config: JSON.stringify(assistant.config),
    deployment: JSON.stringify(assistant.deployment),
    created_at_ms: assistant.createdAtMs,
    updated_at_ms: assistant.updatedAtMs,
    last_version: assistant.version,
  };
}

export function versionRow(
  { id, version, config }: Pick<Selectable<AssistantTable>, 'id' | 'version' | 'config'>,
  savedAtMs: number,
): Selectable<AssistantVersionTable> {
  return { assistant_id: id, version, config, saved_at_ms: savedAtMs };
}

export function rowToVersion(row: Selectable<AssistantVersionTable>): AssistantVersion {
  const config = assistantConfigSchema.parse(JSON.parse(row.config));
  return { version: row.version, config, savedAtMs: row.saved_at_ms };
}

/** Read through the schema: a field that is newer than the row gets its default. */
export function rowToAssistant(row: Selectable<AssistantTable>): AssistantRecord {
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

export function ownRow(
  db: Kysely<Tables>,
  projectId: string,
  id: string,
): Promise<Selectable<AssistantTable> | undefined> {
  const query = db.selectFrom('assistants').selectAll().where('id', '=', toStoredId(id));
  return query.where('project_id', '=', toStoredId(projectId)).executeTakeFirst();
}

type Update = UpdateQueryBuilder<Tables, 'assistants', 'assistants', UpdateResult>;

export async function saved(update: Update, projectId: string, id: string): Promise<AssistantRecord | undefined> {
  const row = await update
    .where('id', '=', toStoredId(id))
    .where('project_id', '=', toStoredId(projectId))
    .returningAll()
    .executeTakeFirst();
  return row && rowToAssistant(row);
}

export async function orNameTaken<T>(saving: Promise<T>): Promise<T> {
  try {
    return await saving;
  } catch (error) {
    throw isUniqueViolation(error) ? new RapidaError('assistant_name_taken', undefined, { cause: error }) : error;
  }
}

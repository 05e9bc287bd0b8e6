import type { AssistantRecord, AssistantStore } from '@rapida/core';
import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../database/database.js';
import { reportFailures } from '../database/failures.js';
import { readPage } from '../database/paging.js';
import { fromStoredId, toStoredId } from '../database/stored-id.js';
import type { AssistantTable, Tables } from '../database/tables.js';
import { inTransaction } from '../database/transaction.js';
import { assistantToRow, orNameTaken, ownRow, rowToAssistant, saved, versionRow } from './rows.js';
import { ofVersions } from './versions.js';

const DEPLOYED_MAX = 1_000;
const DEPLOYED_AT_ONCE = 200;

/** `saveConfig` and `publish` fail with `assistant_name_taken` where they give the name of another; nothing is changed then. */
export function createSqlAssistantStore({ kysely: db }: Database): AssistantStore {
  return reportFailures<AssistantStore>('assistants', {
    ...ofVersions(db),

    async create(assistant) {
      const row = assistantToRow(assistant);
      const creating = inTransaction(db, async (transaction) => {
        await transaction.insertInto('assistants').values(row).execute();
        await transaction.insertInto('assistant_versions').values(versionRow(row, assistant.createdAtMs)).execute();
      });
      await orNameTaken(creating);
    },

    async get(projectId, id) {
      const row = await ownRow(db, projectId, id);
      return row && rowToAssistant(row);
    },

    async projectOf(id) {
      const owner = db.selectFrom('assistants').select('project_id').where('id', '=', toStoredId(id));
      const row = await owner.executeTakeFirst();
      return row && fromStoredId(row.project_id);
    },

    list(projectId, limit, cursor) {
      const all = db.selectFrom('assistants').selectAll().where('project_id', '=', toStoredId(projectId));
      return readPage(all, limit, cursor, rowToAssistant);
    },

    saveDeployment(projectId, id, deployment, atMs) {
      const columns = { deployment: JSON.stringify(deployment), updated_at_ms: atMs };
      return saved(db.updateTable('assistants').set(columns), projectId, id);
    },

    deployed: () => deployed(db),

    remove: (projectId, id) => remove(db, projectId, id),
  });
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

import { type Kysely, type SchemaModule, sql } from 'kysely';
import type { Migration } from '../migrate.js';
import type { Tables } from '../tables.js';

export const versions: Migration = {
  name: '0004-versions',
  async up(schema, db) {
    await ofAssistants(schema, db);
    await ofCalls(schema);
  },
};

/** What an assistant is now becomes its current version; what it was before was never kept. */
async function ofAssistants(schema: SchemaModule, db: Kysely<Tables>): Promise<void> {
  await schema
    .createTable('assistant_versions')
    .addColumn('assistant_id', 'text', (column) => column.notNull().references('assistants.id').onDelete('cascade'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('config', 'text', (column) => column.notNull())
    .addColumn('saved_at_ms', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('assistant_versions_key', ['assistant_id', 'version'])
    .execute();
  await schema
    .alterTable('assistants')
    .addColumn('last_version', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update assistants set last_version = version`.execute(db);
  await sql`insert into assistant_versions (assistant_id, version, config, saved_at_ms)
    select id, version, config, updated_at_ms from assistants`.execute(db);
}

async function ofCalls(schema: SchemaModule): Promise<void> {
  await schema.alterTable('calls').addColumn('assistant_version', 'integer').execute();
  await schema.alterTable('calls').addColumn('overrides', 'text').execute();
  await schema.alterTable('calls').addColumn('analysis', 'text').execute();
  await schema.alterTable('calls').addColumn('analysis_state', 'text').execute();
  // Only what is pending: of a hundred thousand calls a handful.
  await schema
    .createIndex('calls_by_node_unanalysed')
    .on('calls')
    .columns(['node_id', 'ended_at_ms', 'id'])
    .where(sql.ref('analysis_state'), '=', sql.lit('pending'))
    .execute();
}

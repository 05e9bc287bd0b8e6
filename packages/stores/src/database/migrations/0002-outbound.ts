import { type SchemaModule, sql } from 'kysely';
import type { Migration } from '../migrate.js';

export const outbound: Migration = {
  name: '0002-outbound',
  async up(schema) {
    await queue(schema);
    await answers(schema);
    await credentials(schema);
  },
};

async function queue(schema: SchemaModule): Promise<void> {
  // SQLite adds one column at a time.
  await schema
    .alterTable('calls')
    .addColumn('args', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
  await schema.alterTable('calls').addColumn('outbound', 'text').execute();
  await schema.alterTable('calls').addColumn('not_before_ms', 'double precision').execute();
  // The last two only to pass over calls without reading their rows: there may be 100 000 of one project in front.
  await schema
    .createIndex('calls_by_state_not_before')
    .on('calls')
    .columns(['state', 'not_before_ms', 'id', 'project_id', 'assistant_id'])
    .execute();
}

async function answers(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('idempotency_answers')
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_answers_key', ['project_id', 'key'])
    .execute();
  await schema.createIndex('idempotency_answers_by_at').on('idempotency_answers').column('at_ms').execute();
}

async function credentials(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('credentials')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('fields', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('calls_per_second', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('updated_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('last_used_at_ms', 'double precision')
    .addCheckConstraint('id_digits', sql`length(id) = 20`)
    .addUniqueConstraint('credentials_name', ['project_id', 'name'])
    .execute();
  await schema
    .createIndex('credentials_by_project_created')
    .on('credentials')
    .columns(['project_id', 'created_at_ms', 'id'])
    .execute();
}

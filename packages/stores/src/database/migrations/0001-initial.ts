import { type CreateTableBuilder, type SchemaModule, sql } from 'kysely';
import type { Migration } from '../migrate.js';

export const initial: Migration = {
  name: '0001-initial',
  async up(schema) {
    await projectsAndKeys(schema);
    await assistants(schema);
    await calls(schema);
    await partsOfCalls(schema);
  },
};

function withId<Table extends string>(table: CreateTableBuilder<Table, never>) {
  return table
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addCheckConstraint(`id_digits`, sql`length(id) = 20`);
}

async function projectsAndKeys(schema: SchemaModule): Promise<void> {
  await withId(schema.createTable('projects'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('default_slot', 'integer', (column) => column.unique())
    .execute();
  await withId(schema.createTable('api_keys'))
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('revoked_at_ms', 'double precision')
    .execute();
  await index(schema, 'api_keys', ['project_id', 'created_at_ms', 'id']);
}

async function assistants(schema: SchemaModule): Promise<void> {
  await withId(schema.createTable('assistants'))
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('config', 'text', (column) => column.notNull())
    .addColumn('deployment', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('updated_at_ms', 'double precision', (column) => column.notNull())
    .addUniqueConstraint('assistants_name', ['project_id', 'name'])
    .execute();
  await index(schema, 'assistants', ['project_id', 'created_at_ms', 'id']);
}

async function calls(schema: SchemaModule): Promise<void> {
  await withId(schema.createTable('calls'))
    .addColumn('project_id', 'text', (column) => column.notNull())
    // No foreign key: the calls of a removed assistant stay.
    .addColumn('assistant_id', 'text', (column) => column.notNull())
    .addColumn('context_id', 'text', (column) => column.notNull().unique())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('from_number', 'text', (column) => column.notNull())
    .addColumn('to_number', 'text')
    .addColumn('channel_id', 'text')
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('transport', 'text')
    .addColumn('format', 'text')
    .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('connected_at_ms', 'double precision')
    .addColumn('ended_at_ms', 'double precision')
    .addColumn('disconnected_by', 'text')
    .addColumn('reason', 'text')
    .addColumn('directive', 'text')
    .addColumn('recording', 'text')
    .addColumn('node_id', 'text', (column) => column.notNull())
    .addColumn('event_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('turn_count', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  // A query runs on the loop that carries the sound: a filter must not read a project's whole history.
  await index(schema, 'calls', ['project_id', 'created_at_ms', 'id']);
  await index(schema, 'calls', ['project_id', 'state', 'created_at_ms', 'id']);
  await index(schema, 'calls', ['project_id', 'assistant_id', 'created_at_ms', 'id']);
  await index(schema, 'calls', ['project_id', 'from_number', 'created_at_ms', 'id']);
  await index(schema, 'calls', ['project_id', 'direction', 'created_at_ms', 'id']);
  await index(schema, 'calls', ['node_id', 'state']);
}

async function partsOfCalls(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('call_events')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'double precision', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('call_events_key', ['call_id', 'seq'])
    .execute();
  await schema
    .createTable('call_turns')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('start_ms', 'double precision', (column) => column.notNull())
    .addColumn('end_ms', 'double precision', (column) => column.notNull())
    .addColumn('interrupted', 'integer', (column) => column.notNull())
    .addColumn('metrics', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('call_turns_key', ['call_id', 'seq'])
    .execute();
  await schema
    .createTable('call_metrics')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('call_metrics_key', ['call_id', 'name'])
    .execute();
}

function index(schema: SchemaModule, table: string, columns: readonly string[]): Promise<void> {
  const name = [table, 'by', ...columns.map((column) => column.replace(/_(id|at_ms|number)$/, ''))].join('_');
  return schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
    .execute();
}

import { type CreateTableBuilder, type SchemaModule, sql } from 'kysely';
import type { Migration } from '../migrate.js';

export const webhooks: Migration = {
  name: '0003-webhooks',
  async up(schema) {
    await receivers(schema);
    await deliveries(schema);
    await indexesOfDeliveries(schema);
  },
};

function withId<Table extends string>(table: CreateTableBuilder<Table, never>) {
  return table
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addCheckConstraint('id_digits', sql`length(id) = 20`);
}

async function receivers(schema: SchemaModule): Promise<void> {
  await withId(schema.createTable('webhooks'))
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('assistant_id', 'text')
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('events', 'text', (column) => column.notNull())
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('sealed_secret', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('updated_at_ms', 'double precision', (column) => column.notNull())
    .execute();
  await index(schema, 'webhooks_by_project_created', 'webhooks', ['project_id', 'created_at_ms', 'id']);
}

async function deliveries(schema: SchemaModule): Promise<void> {
  await withId(schema.createTable('webhook_deliveries'))
    .addColumn('webhook_id', 'text', (column) => column.notNull().references('webhooks.id').onDelete('cascade'))
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text')
    .addColumn('seq', 'integer')
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at_ms', 'double precision')
    .addColumn('due_at_ms', 'double precision')
    .addColumn('last_status', 'integer')
    .addColumn('last_error', 'text')
    .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
    .addColumn('delivered_at_ms', 'double precision')
    .execute();
}

async function indexesOfDeliveries(schema: SchemaModule): Promise<void> {
  const table = 'webhook_deliveries';
  // By webhook first: one that is down or disabled may have 100 000 waiting, which the others must not be looked for among.
  await schema
    .createIndex('webhook_deliveries_by_webhook_due')
    .on(table)
    .columns(['webhook_id', 'due_at_ms', 'id'])
    .where(sql.ref('due_at_ms'), 'is not', null)
    .execute();
  await index(schema, 'webhook_deliveries_by_turn', table, ['webhook_id', 'call_id', 'state', 'seq']);
  await index(schema, 'webhook_deliveries_by_state_created', table, ['state', 'created_at_ms']);
  const newest = ['created_at_ms', 'id'];
  await index(schema, 'webhook_deliveries_by_project_created', table, ['project_id', ...newest]);
  await index(schema, 'webhook_deliveries_by_project_state_created', table, ['project_id', 'state', ...newest]);
  await index(schema, 'webhook_deliveries_by_project_call_created', table, ['project_id', 'call_id', ...newest]);
  await index(schema, 'webhook_deliveries_by_project_webhook_created', table, ['project_id', 'webhook_id', ...newest]);
  await index(schema, 'webhook_deliveries_by_project_webhook_state_created', table, [
    ...['project_id', 'webhook_id', 'state'],
    ...newest,
  ]);
}

async function index(schema: SchemaModule, name: string, table: string, columns: readonly string[]): Promise<void> {
  await schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
    .execute();
}

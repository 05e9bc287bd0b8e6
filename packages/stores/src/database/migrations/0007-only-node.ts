import type { Migration } from '../migrate.js';

/** Which node uses the database, where there may be one only: without Redis nodes know nothing of each other. */
export const onlyNode: Migration = {
  name: '0007-only-node',
  async up(schema) {
    await schema
      .createTable('only_node')
      .addColumn('slot', 'integer', (column) => column.primaryKey())
      .addColumn('node_id', 'text', (column) => column.notNull())
      .addColumn('process', 'text', (column) => column.notNull())
      .addColumn('seen_at_ms', 'double precision', (column) => column.notNull())
      .execute();
  },
};

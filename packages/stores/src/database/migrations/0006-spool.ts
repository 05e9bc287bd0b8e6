import type { Migration } from '../migrate.js';

/** Which writes that had waited on a node's disk were written: a node that dies before it has removed one comes with it again. */
export const spool: Migration = {
  name: '0006-spool',
  async up(schema) {
    await schema
      .createTable('spooled_writes')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at_ms', 'double precision', (column) => column.notNull())
      .execute();
    await schema.createIndex('spooled_writes_by_time').on('spooled_writes').column('at_ms').execute();
  },
};

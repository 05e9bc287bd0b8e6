import type { Migration } from '../migrate.js';

/** People sign in with browsers: sessions, and the password of an admin. */
export const signIn: Migration = {
  name: '0007-sign-in',
  async up(schema) {
    await schema
      .createTable('sessions')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('project_id', 'text', (column) => column.notNull())
      .addColumn('key_id', 'text')
      .addColumn('created_at_ms', 'double precision', (column) => column.notNull())
      .addColumn('seen_at_ms', 'double precision', (column) => column.notNull())
      .addColumn('expires_at_ms', 'double precision', (column) => column.notNull())
      .execute();
    await schema
      .createIndex('sessions_by_project_key_created')
      .on('sessions')
      .columns(['project_id', 'key_id', 'created_at_ms'])
      .execute();
    await schema
      .createTable('passwords')
      .addColumn('project_id', 'text', (column) => column.primaryKey())
      .addColumn('hash', 'text')
      .addColumn('setup_hash', 'text')
      .addColumn('setup_expires_at_ms', 'double precision')
      .execute();
  },
};

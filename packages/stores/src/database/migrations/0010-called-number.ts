import type { Migration } from '../migrate.js';

/** Calls are looked for by the number that was called, which must not read a project's whole history. */
export const calledNumber: Migration = {
  name: '0010-called-number',
  async up(schema) {
    await schema
      .createIndex('calls_by_project_to_created_id')
      .on('calls')
      .columns(['project_id', 'to_number', 'created_at_ms', 'id'])
      .execute();
  },
};

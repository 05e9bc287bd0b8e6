import type { Migration } from '../migrate.js';

/** No call of before was ever taken up again. */
export const resume: Migration = {
  name: '0005-resume',
  async up(schema) {
    await schema
      .alterTable('calls')
      .addColumn('resumes', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};

import type { Migration } from '../migrate.js';

/** What an assistant was about to say when it was interrupted; of turns so far it is not known. */
export const unheard: Migration = {
  name: '0009-unheard',
  async up(schema) {
    await schema.alterTable('call_turns').addColumn('unheard', 'text').execute();
  },
};

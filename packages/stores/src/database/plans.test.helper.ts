import { CompiledQuery, createQueryId, type RootOperationNode } from 'kysely';
import type { Database } from './database.js';

interface Watched {
  /** The same database, whose questions are noted. */
  readonly database: Database;
  /** How SQLite finds what was asked for last, or `before` that. Without statistics it does so however many rows there are. */
  plan(before?: number): Promise<string[]>;
}

export function watchPlans(database: Database): Watched {
  const asked: RootOperationNode[] = [];
  const kysely = database.kysely.withPlugin({
    transformQuery({ node }) {
      asked.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return {
    database: { ...database, kysely },
    async plan(before = 0) {
      const node = asked.at(-1 - before);
      if (node === undefined) throw new Error('nothing was asked');
      const { sql, parameters } = database.kysely.getExecutor().compileQuery(node, createQueryId());
      const explanation = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
      return (await database.kysely.executeQuery<{ detail: string }>(explanation)).rows.map(({ detail }) => detail);
    },
  };
}

import type { CallStore } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { CompiledQuery, createQueryId, type RootOperationNode } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.js';
import { openEmbedded } from '../database/embedded.js';
import { createSqlCallStore } from './sql.js';

let database: Database;
let calls: CallStore;
let asked: RootOperationNode[];
beforeEach(async () => {
  database = await openEmbedded({ file: ':memory:', clock: new VirtualClock() });
  asked = [];
  const watched = database.kysely.withPlugin({
    transformQuery({ node }) {
      asked.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  calls = createSqlCallStore({ ...database, kysely: watched });
});
afterEach(() => database.close());

/** How SQLite finds what was asked for last. Without statistics, as here, it does so however many rows there are. */
async function plan(): Promise<string[]> {
  const { sql, parameters } = database.kysely.getExecutor().compileQuery(asked.at(-1)!, createQueryId());
  const explanation = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
  return (await database.kysely.executeQuery<{ detail: string }>(explanation)).rows.map(({ detail }) => detail);
}

describe('the calls that are asked for on the loop that carries the sound', () => {
  const some = ['1', '2', '3'];
  it.each([
    { projectIds: [], assistantIds: [] },
    { projectIds: some, assistantIds: [] },
    { projectIds: [], assistantIds: some },
    { projectIds: some, assistantIds: some },
  ])('finds what is due in the order of an index, passing over %o', async (passOver) => {
    await calls.due(5, 200, passOver);
    expect(await plan()).toEqual(['SEARCH calls USING INDEX calls_by_state_not_before (state=? AND not_before_ms<?)']);
  });

  it('counts the queued in an index alone', async () => {
    await calls.queued('1');
    expect(await plan()).toEqual([
      'SEARCH calls USING COVERING INDEX calls_by_project_state_created_id (project_id=? AND state=?)',
    ]);
  });

  it('does not look through the queue of all projects for a list of one', async () => {
    await calls.list('1', { state: 'queued' }, 10, null);
    expect((await plan()).join()).toContain('INDEX calls_by_project_state_created_id (project_id=? AND state=?)');
  });

  it('does not look through the queue for what this node left unfinished', async () => {
    await calls.unfinished('a');
    expect((await plan()).join()).toContain('INDEX calls_by_node_state (node_id=? AND state=?)');
  });

  it('finds old answers in an index', async () => {
    await calls.forgetAnswers(5);
    expect((await plan()).join()).toContain('INDEX idempotency_answers_by_at (at_ms<?)');
  });
});

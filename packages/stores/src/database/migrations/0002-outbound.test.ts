import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callsOf, temporaryFolder } from '../databases.test.helper.js';
import { openEmbedded } from '../embedded.js';
import { libsqlDatabase } from '../libsql-database.js';
import { migrate } from '../migrate.js';
import type { Tables } from '../tables.js';
import { MIGRATIONS } from './index.js';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps the calls of before, with no arguments and no order, and can queue them', async () => {
  const file = join(folder, 'rapida.db');
  const database = libsqlDatabase(new Libsql(file), () => {});
  const before = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  await migrate(before, MIGRATIONS.slice(0, 1), silentLogger);
  const [id, project, assistant] = ['7', '1', '2'].map((digits) => digits.padStart(20, '0'));
  await sql`insert into calls (id, project_id, assistant_id, context_id, direction, state, from_number, metadata,
      created_at_ms, node_id)
    values (${id}, ${project}, ${assistant}, 'c', 'inbound', 'queued', '+1', '{"k":"v"}', 5, 'a')`.execute(before);
  await before.destroy();

  const after = await openEmbedded({ file, clock: new VirtualClock() });
  const calls = callsOf(after);
  const call = { id: '7', from: '+1', metadata: { k: 'v' }, createdAtMs: 5, args: {}, outbound: null };
  expect(await calls.get('1', '7')).toMatchObject(call);
  expect(await calls.due(1e15, 10, { projectIds: [], assistantIds: [] })).toEqual([]);

  const order = { notBeforeMs: 9, attempt: 0, attemptsMax: 1, retryAfterMs: 1_000, retryOn: [], ringMs: null };
  const outbound = { ...order, dialed: null };
  await calls.patch('7', { outbound });
  expect(await calls.due(9, 10, { projectIds: [], assistantIds: [] })).toMatchObject([{ ...call, outbound }]);
  await after.close();
});

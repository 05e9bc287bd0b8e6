import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSqlWebhookStore } from '../../webhooks/sql.js';
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

it('tells of the calls of before from now on, and not of their events of before', async () => {
  const file = join(folder, 'rapida.db');
  const database = libsqlDatabase(new Libsql(file), () => {});
  const before = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  await migrate(before, MIGRATIONS.slice(0, 2), silentLogger);
  const [id, project, assistant] = ['7', '1', '2'].map((digits) => digits.padStart(20, '0'));
  await sql`insert into calls (id, project_id, assistant_id, context_id, direction, state, from_number, metadata,
      created_at_ms, node_id, event_count)
    values (${id}, ${project}, ${assistant}, 'c', 'inbound', 'connected', '+1', '{}', 5, 'a', 1)`.execute(before);
  await sql`insert into call_events (call_id, seq, type, at_ms, data) values (${id}, 1, 'webhook', 5, '{}')`.execute(
    before,
  );
  await before.destroy();

  const after = await openEmbedded({ file, clock: new VirtualClock() });
  const [calls, webhooks] = [callsOf(after), createSqlWebhookStore(after)];
  await webhooks.create({
    ...{ id: '5', projectId: '1', assistantId: '2', url: 'https://example.com', events: [], enabled: true },
    ...{ sealedSecret: '', createdAtMs: 6, updatedAtMs: 6 },
  });
  await calls.appendEvent('7', { type: 'call.ended', atMs: 9, data: {} });
  expect((await calls.events('7')).map(({ seq, type }) => [seq, type])).toEqual([
    [1, 'webhook'],
    [2, 'call.ended'],
  ]);
  const due = await webhooks.due(9, 10, []);
  expect(due.map(({ delivery }) => [delivery.callId, delivery.seq])).toEqual([['7', 2]]);
  await after.close();
});

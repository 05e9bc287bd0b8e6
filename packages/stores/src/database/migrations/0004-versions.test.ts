import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assistantConfigSchema, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSqlAssistantStore } from '../../assistants/sql.js';
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

it('makes what an assistant is its current version, and leaves calls of before without one', async () => {
  const file = join(folder, 'rapida.db');
  const database = libsqlDatabase(new Libsql(file), () => {});
  const before = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  await migrate(before, MIGRATIONS.slice(0, 3), silentLogger);
  const [id, project, assistant] = ['7', '1', '2'].map((digits) => digits.padStart(20, '0'));
  await sql`insert into assistants (id, project_id, name, version, config, deployment, created_at_ms, updated_at_ms)
    values (${assistant}, ${project}, 'old', 4, '{"name":"old","greeting":"Hi"}', '{}', 5, 6)`.execute(before);
  await sql`insert into calls (id, project_id, assistant_id, context_id, direction, state, from_number, metadata,
      created_at_ms, node_id)
    values (${id}, ${project}, ${assistant}, 'c', 'inbound', 'connected', '+1', '{}', 5, 'a')`.execute(before);
  await before.destroy();

  const after = await openEmbedded({ file, clock: new VirtualClock() });
  const [calls, assistants] = [callsOf(after), createSqlAssistantStore(after)];
  const config = assistantConfigSchema.parse({ name: 'old', greeting: 'Hi' });
  expect(await assistants.versions('1', '2', 10, null)).toEqual({
    data: [{ version: 4, config, savedAtMs: 6 }],
    nextCursor: null,
  });
  expect(await assistants.get('1', '2')).toMatchObject({ version: 4, config });
  expect((await assistants.addVersion('1', '2', config, 7))?.version).toBe(5);
  expect(await calls.get('1', '7')).toMatchObject({ assistantVersion: null, overrides: null, analysis: null });
  await after.close();
});
